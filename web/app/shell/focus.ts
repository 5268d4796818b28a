import { useEffect } from 'react';

/**
 * Gives the focus to what is around the element that has it when that is taken from
 * the page: a button that has done its work, a list that has become empty. Else it
 * would be nowhere, and a screen reader at the start of the page.
 */
export function useKeptFocus() {
  useEffect(() => {
    let held: Element | undefined;
    let around: HTMLElement[] = [];
    const note = ({ target }: FocusEvent) => {
      // A dialog gives it back to what had it before, which may be gone by then.
      if (!(target instanceof Element) || !target.closest('main')) return;
      held = target;
      around = [];
      for (let at = target.parentElement; at; at = at.parentElement) if (at.matches('li, section, form, table, [role=region], main')) around.push(at);
    };
    const leave = () => queueMicrotask(() => {
      if (held?.isConnected && document.activeElement === document.body) held = undefined; // it was left for nothing
    });
    const observer = new MutationObserver(() => {
      if (!held || held.isConnected || document.activeElement !== document.body) return;
      held = undefined;
      const place = around.find(({ isConnected }) => isConnected);
      // From a row that is out of sight the browser goes on where the row was.
      if (!place || place instanceof HTMLTableElement) return;
      if (!place.hasAttribute('tabindex')) {
        place.tabIndex = -1;
        place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
      }
      place.focus({ preventScroll: true });
    });
    document.addEventListener('focusin', note);
    document.addEventListener('focusout', leave);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('focusout', leave);
      observer.disconnect();
    };
  }, []);
}
