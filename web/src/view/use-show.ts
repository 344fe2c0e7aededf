import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import type { ShowTools } from './view-tools.tsx';

/** ms that a slideshow shows each image, from when it is there to be seen. */
const SLIDE = 5000;

type Show = ShowTools & {
  /** To be called when an image is there to be seen. */
  readonly onShown: () => void;
};

/**
 * Slideshow and full screen of a large view.
 * @param element what fills the screen
 * @param id of the image that is shown
 * @param onNext goes on to the following image, after the last one to the first
 */
export function useShow(element: RefObject<HTMLElement | null>, id: string, onNext: () => void): Show {
  const [playing, setPlaying] = useState(false);
  const [isFullScreen, setFullScreen] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const next = useEffectEvent(onNext);

  useEffect(() => {
    if (!playing || shown !== id) return;
    const timer = setTimeout(next, SLIDE);
    return () => clearTimeout(timer);
  }, [playing, shown, id]);
  useEffect(() => {
    const changed = () => {
      setFullScreen(document.fullscreenElement !== null);
      // Escape leaves the full screen, and with it the show.
      if (document.fullscreenElement === null) setPlaying(false);
    };
    document.addEventListener('fullscreenchange', changed);
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, []);

  const enter = () => {
    // A browser may forbid it; then the view stays as large as the window.
    void element.current?.requestFullscreen?.().catch(() => {});
  };
  const leave = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
  };
  return {
    playing,
    isFullScreen,
    togglePlaying: () => {
      setPlaying(!playing);
      if (playing) leave();
      else enter();
    },
    toggleFullScreen: () => (isFullScreen ? leave() : enter()),
    onShown: () => setShown(id),
  };
}
