import { useEffect, useState } from 'react';
import { findImage } from './search-image.ts';

/** An object URL of an image that the user searches by; null until it is there, or where this tab has lost it. */
export function useFileUrl(key: string | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (key === null) return;
    let objectUrl: string | undefined;
    let gone = false;
    findImage(key).then(image => {
      if (!image || gone) return;
      objectUrl = URL.createObjectURL(image);
      setUrl(objectUrl);
    });
    return () => {
      gone = true;
      if (objectUrl) URL.revokeObjectURL(objectUrl);
      setUrl(null);
    };
  }, [key]);
  return url;
}
