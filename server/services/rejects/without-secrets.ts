const leftOut = "(left out)";

/** Names whose value is nobody's business; bounded, so that a text made for it costs little. */
const secretField =
  /("?[\w-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|routing[_-]?key|authorization|credential|cookie)[\w-]{0,40}\\?"?\s{0,9}[:=]\s{0,9})(\\?"(?:[^"\\]|\\.)*(?:"|\\?$)|[^\s,;&}\]"]+)/gi;

/** Forms that secrets have wherever they stand. */
const secretForms: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic|GenieKey)\s{1,9}[\w.~+/=-]{6,}/gi, `$1 ${leftOut}`],
  [/\bqw_[a-z]{3,4}_[\w-]{8,}/g, leftOut],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, leftOut],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, leftOut],
  [/\b(?:gh[pousr]_|glpat-|xox[abpr]-|sk_live_)[\w-]{10,}/g, leftOut],
  [/:\/\/[^\s/:@"]{1,100}:[^\s/@"]{1,100}@/g, `://${leftOut}@`],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, leftOut],
];

/** A text without the credentials that can be told in it: a reject is looked at by more people than its sender. */
export function withoutSecrets(text: string): string {
  let rest = text;
  for (const [form, instead] of secretForms) rest = rest.replace(form, instead);
  return rest.replace(secretField, (_whole, name: string) => `${name}"${leftOut}"`);
}
