import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { mayHeal } from './api/api-error.ts';
import { App } from './app.tsx';
import { STORED_PLACES, startScrollMemory } from './state/scroll-memory.ts';
import { language } from './ui/messages.ts';
import './styles/base.css';
import './styles/top.css';
import './styles/grid.css';
import './styles/view.css';
import './styles/panels.css';
import './styles/selection.css';
import './styles/places.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What can't heal is told at once.
      retry: (failures, error) => mayHeal(error) && failures < 2,
      refetchOnWindowFocus: false,
    },
  },
});

startScrollMemory();
// Only a tab that was here before has something to take up.
if (sessionStorage.getItem(STORED_PLACES) !== null) (await import('./state/restore-tab.ts')).restoreTab();
document.documentElement.lang = language === 'zh' ? 'zh-CN' : language;
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
