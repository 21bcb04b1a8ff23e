const grouped = new Intl.NumberFormat("en");

export function count(value: number): string {
  return grouped.format(value);
}

/** `1 alert`, `1,204 alerts`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
