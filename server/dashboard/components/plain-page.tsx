import type { ComponentChildren } from "preact";

/** A page with one thing to do. */
export function PlainPage({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="plain-page">
      <p class="brand">Quietwatch</p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
