/**
 * How a page looks: in light and dark, on a phone, on a wide screen, and in print. Charts lie on white in each,
 * and are not drawn wider than that their letters are as large as the text.
 */

const LIGHT = '--page:#fff;--ink:#1b1b1f;--dim:#55565c;--line:#c9cad1;--panel:#f3f4f7;--link:#0a58a6;--mark:#8a3a00;';
const DARK = '--page:#17181c;--ink:#ecedf1;--dim:#b5b7c0;--line:#484a54;--panel:#23252b;--link:#8cc2ff;--mark:#ffb870;';

export const STYLE = `
:root{color-scheme:light;${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${DARK}}}
:root[data-theme=dark]{color-scheme:dark;${DARK}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1500px;margin:0 auto;padding:0 16px}
h1{font-size:1.6rem;margin:16px 0 4px}
h2{font-size:1.25rem;margin:32px 0 8px;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:20px 0 4px}
p,ul,dl{margin:8px 0;max-width:80ch}
a,summary{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;max-width:none}
.dim{color:var(--dim)}
pre{margin:0;font:13px/1.45 ui-monospace,monospace}
.scroll{overflow-x:auto;max-height:75vh;padding:4px 0}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{border:1px solid var(--line);padding:3px 8px;text-align:right;vertical-align:top;overflow-wrap:normal}
th{background:var(--panel);font-weight:600}
tbody th,.words td{text-align:left}
.words td{min-width:13ch;max-width:36ch;overflow-wrap:anywhere}
.words tbody th[scope=row]{position:sticky;left:0;max-width:40vw}
.differs{color:var(--mark);font-weight:600}
.figures{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(min(100%,620px),1fr))}
figure{margin:8px 0;min-width:0}
figcaption{margin-bottom:6px;font-size:14px;color:var(--dim)}
figcaption strong{color:var(--ink);font-size:1rem}
.plot{max-width:960px;background:#fff;border:1px solid var(--line);border-radius:6px;overflow:hidden}
.plot svg{display:block;width:100%;height:auto}
.plot text{font:12px system-ui,sans-serif;dominant-baseline:central}
.plot [data-tip]:focus{outline:3px solid #b3261e;outline-offset:2px}
.narrow{display:none}
.key{display:flex;flex-wrap:wrap;gap:4px 8px;margin:6px 0}
button{font:inherit;font-size:14px;color:var(--ink);background:var(--panel);
border:1px solid var(--line);border-radius:6px;padding:3px 10px;min-height:32px;opacity:1}
button:not(:disabled){cursor:pointer}
button:focus-visible,a:focus-visible,summary:focus-visible,.scroll:focus-visible{
outline:3px solid var(--link);outline-offset:1px}
button[aria-pressed=false]{text-decoration:line-through;color:var(--dim)}
.swatch{display:inline-block;width:22px;border-top-width:5px;vertical-align:middle;margin-right:6px}
.off{visibility:hidden}
.tip{position:fixed;z-index:9;max-width:min(90vw,40ch);padding:6px 10px;border-radius:6px;background:#1b1b1f;color:#fff;
font-size:14px;pointer-events:none}
[hidden]{display:none!important}
@media (max-width:620px){.wide{display:none}.narrow{display:block}body{font-size:15px}}
@media print{:root,:root[data-theme]{color-scheme:light;${LIGHT}}
body{font-size:10pt}nav,.tip,.tools{display:none}.wide{display:block}.narrow{display:none}
.scroll{overflow:visible;max-height:none}pre{white-space:pre-wrap}
.figures{display:block}.plot,tr,figcaption,.key{break-inside:avoid}.plot svg{max-height:215mm}
h2,h3,figcaption,.key,summary,section>p{break-after:avoid}pre{font-size:7.5pt}table{font-size:8pt}
th,td,.words td{padding:2px 4px;min-width:0;overflow-wrap:anywhere}
details::details-content{content-visibility:visible;display:block}}
`;
