import type { QueryClient } from '@tanstack/react-query';
import { isNearTop, refreshLibrary, requestOutdated } from './listing/refresh-library.ts';

/** Other tabs of this browser, which tell each other that they changed something. */
const tabs = new BroadcastChannel('semblance.changes');

export const tellOtherTabs = (): void => tabs.postMessage('changed');

/**
 * Refreshes what is shown where it may have changed without an event: in another tab, while this one was hidden, the
 * machine slept or the network was away.
 */
export function keepFresh(client: QueryClient): void {
  const comeBack = () => {
    // A token may have been entered in another tab, or may have been revoked.
    void client.invalidateQueries({ queryKey: ['welcome'] });
    void refreshLibrary(client);
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') comeBack();
  });
  addEventListener('online', comeBack);
  tabs.addEventListener('message', () => void refreshLibrary(client));
  let wasNearTop = true;
  addEventListener(
    'scroll',
    () => {
      const nearTop = isNearTop();
      if (nearTop && !wasNearTop) void requestOutdated(client);
      wasNearTop = nearTop;
    },
    { passive: true },
  );
}
