/** How the pages of `/_dev` look, in light and dark, wide and narrow. */
import { Markup } from './markup.ts'

export const STYLE = new Markup(`
:root{color-scheme:light dark;--ink:#1a1d24;--soft:#626b7a;--paper:#f5f6f8;--card:#fff;--line:#e3e6eb;--hover:#f0f2f6;--red:#c22f26;--amber:#96600b;--green:#1c7a48;--blue:#2f5fd0;
--k-call:#d3d8e0;--k-interceptor:#a7b0bf;--k-handler:#2f5fd0;--k-method:#0f8a8a;--k-query:#b4690e;--k-fetch:#8a3fc0;--k-own:#0f8a8a;--k-answer:#c3c9d3;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaef;--soft:#9aa3b2;--paper:#121419;--card:#1a1d24;--line:#2b303a;--hover:#21252e;--red:#ff8078;--amber:#f0b85a;--green:#5fcf93;--blue:#7ea2ff;
--k-call:#3d4554;--k-interceptor:#566072;--k-handler:#6f97ff;--k-method:#3fc4c4;--k-query:#eaa24a;--k-fetch:#c08bf0;--k-own:#3fc4c4;--k-answer:#3a414e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
a{color:inherit;text-decoration:none}a:hover{text-decoration:underline}
.top{display:flex;align-items:center;justify-content:space-between;gap:24px;padding:12px 28px;background:var(--card);border-bottom:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:10px;font-size:15px}.m1{fill:var(--blue)}.m2{fill:var(--k-interceptor)}
nav{display:flex;gap:20px;color:var(--soft)}main{max-width:1180px;margin:0 auto;padding:24px 28px 40px}
footer{max-width:1180px;margin:0 auto;padding:0 28px 32px;color:var(--soft);font-size:12.5px}
h1{margin:0;font-size:22px;line-height:1.3;font-weight:650;overflow-wrap:anywhere}h1.path{font-size:19px}h1 .pill{margin-left:8px}h2{margin:0 0 12px;font-size:15px;font-weight:650}h2 small{margin-left:8px;color:var(--soft);font-weight:400;font-size:13px}
.bar{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:12px 20px;margin-bottom:16px}
.bar .tools{display:flex;flex-wrap:wrap;align-items:center;gap:14px;color:var(--soft)}
input[type=search]{width:240px;padding:6px 11px;border:1px solid var(--line);border-radius:7px;background:var(--card);color:inherit;font:inherit}
button{padding:6px 12px;border:1px solid var(--line);border-radius:7px;background:var(--card);color:inherit;font:inherit;cursor:pointer}button:hover{background:var(--hover)}
label{display:inline-flex;align-items:center;gap:6px;cursor:pointer}
.card{margin:0 0 18px;padding:18px 20px;background:var(--card);border:1px solid var(--line);border-radius:10px}
.card.flush{padding:0;overflow-x:auto}
table{width:100%;border-collapse:collapse}th{padding:9px 12px;color:var(--soft);font-weight:500;font-size:12.5px;text-align:left;white-space:nowrap}
td{padding:8px 12px;border-top:1px solid var(--line);vertical-align:middle}.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
#calls tbody tr:hover{background:var(--hover)}#calls a{display:block}.path{font:13px/1.5 var(--mono);overflow-wrap:anywhere}.path b{display:inline-block;min-width:52px;color:var(--soft);font-weight:600}
.who{display:block;color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}.back{display:inline-block;margin-bottom:10px;color:var(--soft);font-size:13px}
.pill{display:inline-block;min-width:40px;padding:1px 8px;border-radius:6px;background:var(--hover);font-weight:650;font-size:12.5px;text-align:center;font-variant-numeric:tabular-nums}
.s2{color:var(--green)}.s3{color:var(--blue)}.s4{color:var(--amber)}.s5{background:var(--red);color:var(--card)}
.tag{display:inline-block;margin-left:8px;padding:0 7px;border:1px solid var(--amber);border-radius:5px;color:var(--amber);font:600 11.5px/18px system-ui,'DejaVu Sans',sans-serif;white-space:nowrap}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(135px,1fr));gap:12px;margin:16px 0 18px}
.tile{padding:12px 15px;background:var(--card);border:1px solid var(--line);border-radius:10px}.tile span{display:block;color:var(--soft);font-size:12.5px}.tile b{font-size:19px;font-weight:650;font-variant-numeric:tabular-nums}
.ids{margin:6px 0 0;color:var(--soft);font:12.5px/1.7 var(--mono);overflow-wrap:anywhere}
.meter{width:150px;height:8px;display:block}.meter rect.back{fill:var(--hover)}.meter rect.sql{fill:var(--k-query)}.meter rect.rest{fill:var(--k-handler)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;color:var(--soft);font-size:12.5px}.legend i{display:inline-block;width:9px;height:9px;margin-right:6px;border-radius:2px}.legend b{color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}.shares{display:block;width:100%;height:14px;margin-bottom:10px;border-radius:4px}.timeline{margin-top:14px}
.timeline{display:grid;gap:0}.t{display:grid;grid-template-columns:minmax(250px,36%) 1fr 76px;align-items:center;gap:14px;min-height:28px}.t:hover{background:var(--hover)}.t.scale:hover{background:none}
.t .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font:12.5px/1.5 var(--mono)}.t .name small{margin-left:8px;color:var(--soft);font:11.5px system-ui,'DejaVu Sans',sans-serif}
.t svg{width:100%;height:28px;display:block;overflow:visible}rect.tick{fill:var(--line)}.scale text{fill:var(--soft);font:11px system-ui,'DejaVu Sans',sans-serif}.t .num{color:var(--soft);font-size:12.5px}.t.failed .name{color:var(--red)}
.t rect.ticks{fill:url(#ticks)}.call rect:not(.ticks){fill:var(--k-interceptor)}.quick{display:none}.all .quick{display:grid}.call .name{font-weight:650}
${[...Array(14).keys()].map((depth) => `.d${depth} .name{padding-left:${Math.min(depth, 12) * 13}px}`).join('')}
${['call', 'interceptor', 'handler', 'method', 'query', 'fetch', 'own', 'answer'].map((kind) => `.${kind} rect,rect.${kind}{fill:var(--k-${kind})}.legend .${kind}{background:var(--k-${kind})}`).join('')}
.sql{margin:0;padding:0;list-style:none}.sql li{border-top:1px solid var(--line)}.sql li:first-child{border-top:0}.sql li:target{background:var(--hover);box-shadow:-3px 0 0 var(--k-query)}
.sql summary{display:grid;grid-template-columns:26px 1fr auto;gap:1px 10px;padding:8px 0;cursor:pointer;list-style:none}.sql summary::-webkit-details-marker{display:none}.sql summary:hover .line{color:var(--blue)}
.sql .index{color:var(--soft);font:12.5px/1.6 var(--mono);text-align:right}.sql .line{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font:12.5px/1.6 var(--mono)}.sql .num{color:var(--soft);font-size:12.5px}.sql .meta{grid-column:2/4}.sql .meta:empty{display:none}
.sql pre{margin:2px 0 12px 36px;padding:12px 14px;background:var(--hover);border-radius:6px;font:12.5px/1.6 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere}.sql pre b{color:var(--blue);font-weight:600}
.meta{color:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums}.meta code,.place{font:12.5px var(--mono);color:var(--blue)}
.hint{margin:0 0 14px;padding:10px 14px;border-left:4px solid var(--amber);background:var(--hover);border-radius:6px}.hint b{color:var(--amber)}
.log{width:100%;font:12.5px/1.55 var(--mono)}.log td{vertical-align:top;white-space:nowrap;width:1px;padding:5px 10px}.log tr:first-child td{border-top:0}.log td:last-child{width:auto;white-space:normal}.log .warn{color:var(--amber)}.log .error{color:var(--red)}.log .debug{color:var(--soft)}.log pre{margin:2px 0 0;white-space:pre-wrap;overflow-wrap:anywhere;color:var(--soft);font:inherit}
.stack{margin:0;overflow-x:auto;font:12.5px/1.65 var(--mono)}.wrong{color:var(--red);font-weight:600;overflow-wrap:anywhere}
.empty{padding:44px 20px;text-align:center;color:var(--soft)}.empty code{display:inline-block;margin-top:8px;padding:3px 9px;background:var(--hover);border-radius:6px;font:13px var(--mono);color:var(--ink)}
@media(max-width:720px){main,.top,footer{padding-left:14px;padding-right:14px}nav{gap:14px}.card{padding:14px}.tiles{grid-template-columns:repeat(auto-fit,minmax(105px,1fr))}.tile{padding:9px 11px}.tile b{font-size:16px}input[type=search]{width:100%}.bar .tools{width:100%}
.t{grid-template-columns:1fr 70px;gap:0 10px;min-height:0}.t svg{grid-row:2;grid-column:1/3;height:20px}.t rect:not(.ticks):not(.tick){transform:translateY(-5px)}.scale text{transform:translateY(-4px)}.t .name small{margin-left:5px}
.hide,.time,#calls thead{display:none}#calls tr{display:grid;grid-template-columns:1fr auto;gap:2px 12px;padding:9px 12px;border-top:1px solid var(--line)}#calls tr[hidden]{display:none}#calls td{padding:0;border:0}.what{grid-row:1/3}.state{text-align:right}.sql pre{margin-left:0}.sql summary{grid-template-columns:20px 1fr auto}}
`)
