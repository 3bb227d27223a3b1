/**
 * The only program of a page. What it adds: texts at the marks of charts, buttons that hide a series, the choice of
 * light or dark, and the data as files. Without it all numbers are there.
 */
import { createHash } from 'node:crypto';

export const SCRIPT = `
'use strict';
(() => {
  const all = (selector, of = document) => [...of.querySelectorAll(selector)];
  const root = document.documentElement;
  for (const tools of all('.tools')) tools.hidden = false;

  const theme = document.getElementById('theme');
  const themes = ['as the system', 'light', 'dark'];
  let chosen = 0;
  theme.addEventListener('click', () => {
    chosen = (chosen + 1) % themes.length;
    if (chosen === 0) root.removeAttribute('data-theme');
    else root.dataset.theme = themes[chosen];
    theme.textContent = 'Colours: ' + themes[chosen];
  });

  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  tip.setAttribute('role', 'tooltip');
  document.body.append(tip);
  const hide = () => { tip.hidden = true; };
  const show = (mark) => {
    tip.textContent = mark.getAttribute('aria-label');
    tip.hidden = false;
    const at = mark.getBoundingClientRect();
    const width = tip.offsetWidth;
    const height = tip.offsetHeight;
    const left = Math.min(Math.max(4, at.left + at.width / 2 - width / 2), innerWidth - width - 4);
    const above = at.top - height - 6;
    tip.style.left = left + 'px';
    tip.style.top = (above < 0 ? at.bottom + 6 : above) + 'px';
  };

  for (const plot of all('.plot')) {
    const marks = all('[data-tip]', plot);
    const shown = () => marks.filter((mark) => !mark.classList.contains('off'));
    const enter = () => {
      const at = marks.find((mark) => mark.tabIndex === 0);
      if (at && !at.classList.contains('off')) return;
      for (const mark of marks) mark.setAttribute('tabindex', '-1');
      const first = shown()[0];
      if (first) first.setAttribute('tabindex', '0');
    };
    enter();
    plot.addEventListener('series', enter);
    plot.addEventListener('pointerover', (event) => {
      const mark = event.target.closest('[data-tip]');
      if (mark) show(mark); else hide();
    });
    plot.addEventListener('pointerleave', hide);
    plot.addEventListener('focusin', (event) => { if (event.target.closest('[data-tip]')) show(event.target); });
    plot.addEventListener('focusout', hide);
    plot.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { hide(); return; }
      const list = shown();
      const at = list.indexOf(event.target);
      if (at < 0) return;
      const [back, on] = [at - 1, at + 1];
      const ends = { Home: 0, End: list.length - 1 };
      const next = { ArrowRight: on, ArrowDown: on, ArrowLeft: back, ArrowUp: back, ...ends }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      const mark = list[Math.min(Math.max(next, 0), list.length - 1)];
      event.target.setAttribute('tabindex', '-1');
      mark.setAttribute('tabindex', '0');
      mark.focus();
    });
  }

  for (const button of all('button.series')) {
    button.disabled = false;
    const figure = button.closest('figure');
    button.addEventListener('click', () => {
      const isOn = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(isOn));
      for (const series of button.dataset.series.split(' ')) {
        for (const shape of all('.plot [data-series="' + series + '"]', figure)) shape.classList.toggle('off', !isOn);
      }
      for (const plot of all('.plot', figure)) plot.dispatchEvent(new Event('series'));
    });
  }

  for (const button of all('button.save')) {
    button.addEventListener('click', () => {
      const data = document.getElementById(button.dataset.of);
      const unpacked = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const content = data.type === 'application/gzip' ? unpacked(data.textContent) : data.textContent;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([content], { type: data.type }));
      link.download = button.dataset.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  addEventListener('scroll', hide, { passive: true });
  addEventListener('beforeprint', () => {
    for (const details of all('details:not([open])')) { details.open = true; details.dataset.closed = ''; }
  });
  addEventListener('afterprint', () => {
    for (const details of all('details[data-closed]')) { details.open = false; delete details.dataset.closed; }
  });
})();
`;

/** What a Content-Security-Policy calls the program by. */
export const SCRIPT_HASH = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`;
