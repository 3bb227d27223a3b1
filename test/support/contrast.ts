/**
 * A program for a browser: returns the texts that can be seen and whose colour differs too little from what is behind
 * them, by the formula of WCAG 2.1 (relative luminance): below 4.5 to 1.
 */
export const lowContrasts = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isClear = (colour) => numbers(colour)[3] === 0;
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!isClear(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = [];
  let looked = 0;
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim();
    if (text === '' || element.getClientRects().length === 0 || element.tagName === 'SCRIPT') continue;
    looked++;
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const [high, low] = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const words = element.tagName + ' ' + text.slice(0, 30);
    if (ratio < 4.5) found.push(words + ': ' + ink + ' is ' + ratio.toFixed(2) + ' to 1');
  }
  return looked > 50 ? found : ['only ' + looked + ' texts'];
})()`;
