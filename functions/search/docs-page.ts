import { createHash } from 'node:crypto';

/**
 * A page that reads openapi.json beside it, in place of Swagger UI's megabytes: nothing is loaded from elsewhere
 * and Lambda carries 6 KB. `/docs` and `/redoc` are the same page.
 */
const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; }
summary { cursor: pointer; padding: .4rem .6rem; }
details > div { padding: 0 .8rem .8rem; }
code, pre, textarea { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); border-radius: 6px; max-height: 24rem; overflow: auto; padding: .6rem; white-space: pre-wrap; }
b.method { display: inline-block; min-width: 4.2em; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
input, textarea { box-sizing: border-box; width: 100%; }
textarea { min-height: 6rem; }
label { display: block; margin: .4rem 0; }
`;

const SCRIPT = `
const make = (name, props = {}, ...children) => {
  const element = Object.assign(document.createElement(name), props);
  element.append(...children);
  return element;
};
const json = value => JSON.stringify(value, null, 2);
const show = (schema, doc, depth = 0) => {
  if (!schema || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(item => show(item, doc, depth));
  if (schema.$ref && depth < 4) return show(doc.components.schemas[schema.$ref.split('/').pop()], doc, depth + 1);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, show(value, doc, depth)]));
};
const tokens = {};
const root = document.querySelector('main');
const operation = (path, method, op, doc) => {
  const fields = new Map();
  const rows = op.parameters.map(parameter => {
    const input = make('input', { placeholder: parameter.schema.default ?? '', ariaLabel: parameter.name });
    fields.set(parameter, input);
    const kind = parameter.schema.enum?.join(' | ') ?? [parameter.schema.type].flat().join(' | ');
    return make('tr', {}, make('td', {}, make('code', { textContent: parameter.name + (parameter.required ? ' *' : '') })),
      make('td', { textContent: kind }), make('td', { textContent: parameter.description ?? '' }), make('td', {}, input));
  });
  const content = op.requestBody?.content ?? {};
  const body = content['application/json'] && make('textarea', { value: '{}', ariaLabel: 'JSON body' });
  const parts = body ? {} : content['multipart/form-data']?.schema.properties ?? {};
  const files = Object.keys(parts).map(name => make('input', { type: 'file', name, ariaLabel: name }));
  const output = make('pre', { hidden: true });
  const send = make('button', { textContent: 'Send', onclick: async () => {
    let url = path;
    const query = new URLSearchParams();
    for (const [parameter, input] of fields) {
      if (parameter.in === 'path') url = url.replace('{' + parameter.name + '}', encodeURIComponent(input.value));
      else if (input.value !== '') query.set(parameter.name, input.value);
    }
    const form = files.length ? new FormData() : undefined;
    for (const input of files) if (input.files[0]) form.set(input.name, input.files[0]);
    const response = await fetch(location.pathname.replace(/\\/(docs|redoc)\\/?$/, '') + url + (query.size ? '?' + query : ''), {
      method: method.toUpperCase(),
      headers: { ...tokens, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? body.value : form,
    });
    const text = await response.text();
    output.hidden = false;
    try { output.textContent = response.status + '\\n' + json(JSON.parse(text)); }
    catch { output.textContent = response.status + '\\n' + text.slice(0, 4000); }
  } });
  const inside = make('div', {}, make('p', { textContent: op.summary }));
  if (rows.length) inside.append(make('table', {}, ...rows));
  for (const [type, { schema }] of Object.entries(content)) inside.append(make('p', { textContent: 'Body: ' + type }), make('pre', { textContent: json(show(schema, doc)) }));
  inside.append(...[body, ...files].filter(Boolean).map(field => make('label', {}, field)), send, output);
  for (const [status, { description, content: response }] of Object.entries(op.responses)) {
    const more = make('div', {}, make('p', { textContent: description }));
    const schema = response?.['application/json']?.schema;
    if (schema) more.append(make('pre', { textContent: json(show(schema, doc)) }));
    inside.append(make('details', {}, make('summary', { textContent: status }), more));
  }
  return make('details', {}, make('summary', {}, make('b', { className: 'method', textContent: method.toUpperCase() }), make('code', { textContent: path }), ' ' + op.summary), inside);
};
const doc = await (await fetch(location.pathname.replace(/(docs|redoc)\\/?$/, 'openapi.json'))).json();
for (const { name } of Object.values(doc.components.securitySchemes)) {
  const input = make('input', { type: 'password', autocomplete: 'off', oninput: () => { if (input.value) tokens[name] = input.value; else delete tokens[name]; } });
  root.append(make('label', {}, name, input));
}
const groups = new Map();
for (const [path, methods] of Object.entries(doc.paths))
  for (const [method, op] of Object.entries(methods)) {
    const [tag] = op.tags;
    if (!groups.has(tag)) groups.set(tag, root.appendChild(make('section', {}, make('h2', { textContent: tag }))));
    groups.get(tag).append(operation(path, method, op, doc));
  }
`;

export const DOCS_PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Semblance API</title><style>${STYLE}</style>
<h1>Semblance API</h1><p><a href="openapi.json">openapi.json</a></p><main></main>
<script type="module">${SCRIPT}</script></html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Lets the page run its own script and style, and talk to its own server, nothing else. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
