import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError, isOffline, mayHeal, WAKE } from './api/api-error.ts';
import { App } from './app.tsx';
import { keepFresh, tellOtherTabs } from './keep-fresh.ts';
import { STORED_PLACES, startScrollMemory } from './state/scroll-memory.ts';
import { language } from './ui/messages.ts';
import './styles/base.css';
import './styles/top.css';
import './styles/grid.css';
import './styles/view.css';
import './styles/panels.css';
import './styles/selection.css';
import './styles/places.css';

const SharedPage = lazy(() => import('./share/shared-page.tsx'));

const client = new QueryClient({
  queryCache: new QueryCache({
    // Whatever request comes first finds that a token stopped working or that the server went away.
    onError: (error, { queryKey }) => {
      const isRejected = error instanceof ApiError && error.status === 401;
      if (queryKey[0] !== 'welcome' && (isRejected || isOffline(error)))
        void client.invalidateQueries({ queryKey: ['welcome'] });
    },
  }),
  mutationCache: new MutationCache({ onSuccess: tellOtherTabs }),
  defaultOptions: {
    // A server on this machine responds also where the browser says that there is no network.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      // An error that a retry can't heal is shown at once.
      retry: (failures, error) => mayHeal(error) && failures < 2,
      refetchInterval: query => (isOffline(query.state.error) ? WAKE : false),
      refetchOnWindowFocus: false,
    },
  },
});

startScrollMemory();
keepFresh(client);
// Only a tab that was here before has something to take up.
if (sessionStorage.getItem(STORED_PLACES) !== null) (await import('./state/restore-tab.ts')).restoreTab();
document.documentElement.lang = language === 'zh' ? 'zh-CN' : language;
const shared = new URLSearchParams(location.search).get('share');
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        {shared === null ? (
          <App />
        ) : (
          <Suspense>
            <SharedPage token={shared} />
          </Suspense>
        )}
      </QueryClientProvider>
    </StrictMode>,
  );
}
// The page's own files alone, so that it opens where the server is away; see service-worker.js.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  addEventListener(
    'load',
    () => void navigator.serviceWorker.register('./service-worker.js').catch(() => {}),
  );
