import { type RefObject, useLayoutEffect, useState } from 'react';

/** How far below the page's top an element begins, px, kept up to date while what is above it grows or goes. */
export function usePageTop(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop(topOf(element.current));
    measure();
    // Whatever appears above the element makes the page longer.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return top;
}

/** How far below the page's top an element begins now, px. */
export const topOf = (element: HTMLElement | null): number =>
  element ? Math.round(element.getBoundingClientRect().top + scrollY) : 0;
