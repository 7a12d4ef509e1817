import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

/**
 * Asks for the page's data again every so many milliseconds: while the page is in view, and never before the
 * last answer has come.
 */
export function useRefresh(everyMs: number): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (state !== 'idle') return;
    let timer: ReturnType<typeof setTimeout>;
    const ask = () => {
      if (document.visibilityState === 'visible') revalidate();
      else timer = setTimeout(ask, everyMs);
    };
    timer = setTimeout(ask, everyMs);
    return () => clearTimeout(timer);
  }, [everyMs, state, revalidate]);
}
