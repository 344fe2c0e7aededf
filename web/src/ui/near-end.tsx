import { useEffect, useEffectEvent, useRef, useState } from 'react';

type NearEndProps = {
  /** False while something is under way, or went wrong. */
  readonly ready: boolean;
  readonly onNear: () => void;
};

/** Asks for more as long as the end of a list is near the window. */
export function NearEnd({ ready, onNear }: NearEndProps) {
  const element = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const ask = useEffectEvent(onNear);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    // A batch holds what happened in its order: the last entry says how it is now.
    const observer = new IntersectionObserver(entries => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: '1200px',
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (near && ready) ask();
  }, [near, ready]);
  return <div ref={element} className="near-end" />;
}
