// Runs inside the browser, for tests: what a reader would stumble over.

/** @returns {{ width: number, overflowing: string[], plotHeights: number[], unreachable: string[] }} */
export function measurePage() {
  const panels = [...document.querySelectorAll('.panel')];
  const plots = [...document.querySelectorAll('.plot canvas')];
  const scrolling = [...document.querySelectorAll('body *')].filter(
    (element) =>
      element.scrollHeight > element.clientHeight + 1 &&
      getComputedStyle(element).overflowY === 'auto',
  );
  return {
    width: document.documentElement.scrollWidth,
    overflowing: panels
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ id }) => id),
    plotHeights: plots.map(({ clientHeight }) => clientHeight),
    unreachable: scrolling
      .filter((element) => !(element instanceof HTMLElement) || element.tabIndex < 0)
      .map(({ className }) => className),
  };
}
