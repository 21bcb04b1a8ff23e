/** The style of the page; its colours and type are those of shared/ui/tokens.css, and a test holds them to it. */
export const docsCss = `:root {
  color-scheme: light dark;
  --bg: light-dark(#fbfbfa, #16181b);
  --surface: light-dark(#ffffff, #1d2024);
  --sunken: light-dark(#f3f3f1, #121417);
  --line: light-dark(#e6e5e1, #2c3036);
  --ink: light-dark(#1c1d1f, #eceef1);
  --muted: light-dark(#5f6268, #a3aab4);
  --accent: light-dark(#1f5fd0, #8ab4ff);
  --radius: 8px;
  --font: system-ui, "Inter", "Segoe UI", sans-serif;
  --mono: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace;
}
body {
  margin: 0 auto;
  padding: 24px 16px 64px;
  max-width: 880px;
  font: 15px/1.5 var(--font);
  color: var(--ink);
  background: var(--bg);
  overflow-wrap: anywhere;
}
h1 {
  font-size: 26px;
  line-height: 1.2;
}
h2 {
  margin-top: 48px;
  font-size: 20px;
}
h3 {
  margin: 0 0 8px;
  font-size: 15px;
}
h3 code {
  display: block;
}
h4 {
  margin: 16px 0 4px;
  font-size: 13px;
  color: var(--muted);
}
p {
  margin: 4px 0;
}
a {
  color: var(--accent);
}
nav ul {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 16px;
  padding: 0;
  list-style: none;
}
article {
  margin: 12px 0;
  padding: 16px;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: var(--radius);
}
code,
pre {
  font: 13px/1.5 var(--mono);
}
pre {
  margin: 8px 0;
  padding: 12px;
  overflow-x: auto;
  background: var(--sunken);
  border-radius: var(--radius);
}
.method,
.name {
  font-weight: 650;
}
.kind {
  color: var(--muted);
}
.must {
  padding: 0 6px;
  font-size: 12px;
  background: var(--sunken);
  border: 1px solid var(--line);
  border-radius: var(--radius);
}
.fields {
  margin: 4px 0;
  padding-left: 16px;
}
.fields li {
  padding: 2px 0;
}
:target {
  scroll-margin-top: 16px;
  text-decoration: underline;
}
`;
