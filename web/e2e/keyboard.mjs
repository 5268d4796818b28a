// What a keyboard reaches on a page, and how that looks and is called.

/** @typedef {import('playwright-core').Page} Page */

/**
 * Installed in the page: it numbers the elements that take the focus, so that
 * they are told apart, and knows how each looks without it.
 */
function install() {
  const interactive = 'a[href], button, input, select, textarea, summary, [tabindex], [role=button], [contenteditable]';
  const shown = (/** @type {Element} */ element) => (
    element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]') && !element.matches(':disabled, [type=hidden]')
  );
  /** The members of groups of which Tab reaches one, and the arrows the others. */
  const roving = (/** @type {Element} */ element) => element.matches('[role=tab], [role=radio], [type=radio]');
  const all = () => [...document.querySelectorAll(interactive)].filter(shown);
  // What the focus changes: outlines, borders, shadows, colours, of the element, what is in it, and what is around it.
  const look = (/** @type {Element} */ element) => [element, element.parentElement, ...element.querySelectorAll('*')].map((of) => {
    if (!of) return '';
    const { outline, boxShadow, borderColor, backgroundColor, stroke, strokeWidth, clipPath } = getComputedStyle(of);
    return [outline, boxShadow, borderColor, backgroundColor, stroke, strokeWidth, clipPath].join();
  }).join('\n');
  // Above and not in the next column.
  const isAbove = (/** @type {Element} */ one, /** @type {Element} */ other) => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    return a.bottom <= b.top && a.left < b.right;
  };
  /** @type {{ element: Element, focused: string } | undefined} */
  let last;
  Object.assign(globalThis, {
    keyboard: {
      /** What Tab has to reach, each by some words about it. */
      wanted: () => all().filter((element) => !roving(element) && (/** @type {HTMLElement} */ (element).tabIndex >= 0 || element.matches('a, button, input, select, textarea'))).map(describe),
      /** Where the focus is, and what is wrong with how that looks. */
      here() {
        const element = document.activeElement;
        /** @type {string[]} */
        const wrong = [];
        if (last && last.element !== element && last.element.isConnected && look(last.element) === last.focused) wrong.push(`${describe(last.element)}: looks the same with and without the focus`);
        if (!element || element === document.body) {
          last = undefined;
          return { at: undefined, wrong };
        }
        if (last && last.element !== element && !(last.element.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push(`${describe(element)}: comes behind ${describe(last.element)}, and is before it on the page`);
        if (last && last.element !== element && isAbove(element, last.element)) wrong.push(`${describe(element)}: comes behind ${describe(last.element)}, and is drawn above it`);
        const boxes = [...element.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
        const seen = boxes.some(({ left, top, width, height }) => {
          const at = document.elementFromPoint(left + width / 2, top + height / 2);
          return at && (element.contains(at) || at.closest('label')?.contains(element) || at.contains(element));
        });
        if (!seen) wrong.push(`${describe(element)}: is not in sight when it has the focus`);
        last = { element, focused: look(element) };
        return { at: describe(element), wrong };
      },
    },
  });
  /** @type {WeakMap<Element, number>} */
  const numbers = new WeakMap();
  let count = 0;
  function describe(/** @type {Element} */ element) {
    if (!numbers.has(element)) numbers.set(element, ++count);
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 50);
    return `${numbers.get(element)} <${element.tagName.toLowerCase()}${element.id && ` id=${element.id}`}${element.getAttribute('class') ? ` class=${element.getAttribute('class')}` : ''}> ${words}`;
  }
}

/**
 * Goes through a page by Tab, from its start until the focus leaves it, and back.
 * Returns where it was, in this order, and what is wrong: what cannot be reached,
 * is not seen, has no name, or holds the focus.
 *
 * @param {Page} page
 */
export async function walk(page) {
  await page.evaluate(install);
  await page.evaluate(() => { /** @type {HTMLElement | null} */ (document.activeElement)?.blur(); scrollTo(0, 0); });
  const session = await page.context().newCDPSession(page);
  /** @type {string[]} */
  const places = [];
  /** @type {string[]} */
  const wrong = [];
  const wanted = await page.evaluate(() => /** @type {any} */ (globalThis).keyboard.wanted());
  for (;;) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => /** @type {any} */ (globalThis).keyboard.here());
    wrong.push(...here.wrong);
    if (!here.at) break;
    if (places.includes(here.at)) {
      wrong.push(`${here.at}: the focus comes here again`);
      break;
    }
    places.push(here.at);
    const { name, role } = await called(session);
    if (!name) wrong.push(`${here.at}: has no name`);
    if (!role || role === 'generic') wrong.push(`${here.at}: has no role`);
  }
  wrong.push(...wanted.filter((/** @type {string} */ place) => !places.includes(place)).map((/** @type {string} */ place) => `${place}: is not reached`));
  for (const place of places.toReversed()) {
    await page.keyboard.press('Shift+Tab');
    const { at } = await page.evaluate(() => /** @type {any} */ (globalThis).keyboard.here());
    if (at !== place) {
      wrong.push(`${place}: is not reached backwards, but ${at}`);
      break;
    }
  }
  await session.detach();
  return { places, wrong };
}

/**
 * What a screen reader calls the element that has the focus.
 *
 * @param {import('playwright-core').CDPSession} session
 */
async function called(session) {
  const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
  const { nodes } = await session.send('Accessibility.getPartialAXTree', { objectId: result.objectId ?? '', fetchRelatives: false });
  return { name: String(nodes[0]?.name?.value ?? ''), role: String(nodes[0]?.role?.value ?? '') };
}

/**
 * The id, the name or the text of the element that has the focus; "" when none has.
 *
 * @param {Page} page
 */
export function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return '';
    return element.getAttribute('aria-label') ?? (element.id === 'main' ? 'main' : element.textContent?.trim().replaceAll(/\s+/g, ' ') || element.tagName.toLowerCase());
  });
}
