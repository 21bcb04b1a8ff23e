/** The single key of a button, for the eye only: screen readers read the button's own name. */
export function Key({ name }: { name: string }) {
  return (
    <span class="key" aria-hidden="true">
      {name}
    </span>
  );
}
