import { html } from "hono/html";
import { fieldsOf, kindOf, type Markup } from "./docs-schema.ts";
import type { OpenApi, OperationObject, ParameterObject, ResponseObject } from "./open-api.ts";

interface Call {
  method: string;
  path: string;
  operation: OperationObject;
  /** Other addresses of the same call. */
  also: string[];
}

/** The document as a page for people; every text in it is escaped by the template. */
export function renderDocs(document: OpenApi): Markup {
  const { info, tags, components } = document;
  const calls = callsOf(document);
  const subjects = tags
    .map((tag) => ({ ...tag, calls: calls.filter(({ operation }) => operation.tags.includes(tag.name)) }))
    .filter((subject) => subject.calls.length > 0);
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${info.title} API</title>
    <link rel="stylesheet" href="/docs.css">
  </head>
  <body>
    <header>
      <h1>${info.title} API</h1>
      <p>${info.summary} ${info.description}</p>
      <p>For programs: <a href="/openapi.json">openapi.json</a></p>
    </header>
    <nav aria-label="Subjects">
      <ul>
        ${subjects.map(({ name }) => html`<li><a href="#${slugOf(name)}">${name}</a></li>`)}
        <li><a href="#sign-in-with">How to sign in</a></li>
        <li><a href="#schemas">Schemas</a></li>
      </ul>
    </nav>
    <main>
      ${subjects.map(
        ({ name, description, calls: own }) => html`<section aria-labelledby="${slugOf(name)}">
        <h2 id="${slugOf(name)}">${name}</h2>
        <p>${description}</p>
        ${own.map(renderCall)}
      </section>`,
      )}
      ${renderSchemes(components.securitySchemes)} ${renderSchemas(components.schemas)}
    </main>
  </body>
</html>
`;
}

function callsOf({ paths }: OpenApi): Call[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return all
    .filter(({ operation }) => operation["x-same-as"] === undefined)
    .map((call) => ({
      ...call,
      also: all
        .filter(({ operation }) => operation["x-same-as"] === call.operation.operationId)
        .map(({ path }) => path),
    }));
}

function renderCall({ method, path, operation, also }: Call): Markup {
  const { operationId, summary, description, parameters, responses } = operation;
  return html`<article aria-labelledby="${operationId}">
    <h3 id="${operationId}"><code><span class="method">${method.toUpperCase()}</span> ${path}</code> ${summary}</h3>
    ${also.map((other) => html`<p class="kind">Also <code>${other}</code></p>`)}
    ${description === undefined ? "" : html`<p>${description}</p>`}
    <p class="kind">${accessOf(operation)}</p>
    ${parameters.length === 0 ? "" : html`<h4>Parameters</h4><ul class="fields">${parameters.map(renderParameter)}</ul>`}
    ${renderBody(operation)}
    <h4>Answers</h4>
    <ul class="fields">${Object.entries(responses).map(renderResponse)}</ul>
  </article>`;
}

function accessOf({ security }: OperationObject): Markup {
  const [first] = security;
  if (first === undefined) return html`Open to everyone`;
  const [scope] = Object.values(first).flat();
  return scope === undefined ? html`For whoever is signed in` : html`Needs the scope <code>${scope}</code>`;
}

function renderParameter({ name, in: place, required, description, schema }: ParameterObject): Markup {
  return html`<li>
    <code class="name">${name}</code> <span class="kind">in the ${place}, ${kindOf(schema)}</span>
    ${required ? html`<span class="must">required</span>` : ""}
    ${schema.default === undefined ? "" : html`<span class="kind">default <code>${String(schema.default)}</code></span>`}
    ${description === undefined ? "" : html`<p>${description}</p>`}
  </li>`;
}

function renderBody({ requestBody }: OperationObject): Markup | string {
  const [first, ...others] = Object.entries(requestBody?.content ?? {});
  if (first === undefined) return "";
  const [type, { schema, example }] = first;
  const types = [type, ...others.map(([other]) => other)].join(", ");
  return html`<h4>Body</h4>
    <p>${kindOf(schema)} <span class="kind">as ${types}</span></p>
    <pre tabindex="0" aria-label="Example"><code>${JSON.stringify(example, null, 2)}</code></pre>`;
}

function renderResponse([status, { description, content = {} }]: [string, ResponseObject]): Markup {
  const holds = Object.entries(content).map(([type, { schema }]) =>
    type === "application/json" ? kindOf(schema) : html`<code>${type}</code>`,
  );
  return html`<li><code class="name">${status}</code> ${holds} <span class="kind">${description}</span></li>`;
}

function renderSchemes(schemes: OpenApi["components"]["securitySchemes"]): Markup {
  return html`<section aria-labelledby="sign-in-with">
    <h2 id="sign-in-with">How to sign in</h2>
    <ul class="fields">
      ${Object.entries(schemes).map(
        ([name, { description }]) => html`<li><code class="name">${name}</code><p>${description}</p></li>`,
      )}
    </ul>
  </section>`;
}

function renderSchemas(schemas: OpenApi["components"]["schemas"]): Markup {
  return html`<section aria-labelledby="schemas">
    <h2 id="schemas">Schemas</h2>
    ${Object.entries(schemas).map(
      ([name, schema]) => html`<article aria-labelledby="schema-${name}">
      <h3 id="schema-${name}"><code>${name}</code></h3>
      <p class="kind">${kindOf(schema)}</p>
      ${fieldsOf(schema)}
    </article>`,
    )}
  </section>`;
}

const slugOf = (name: string) => name.toLowerCase().replaceAll(" ", "-");
