const leftOut = "(left out)";

/** A name and its value, in JSON, in JSON inside a text, or as in a log. It begins where a name does: time is linear. */
const namedValue =
  /(?<![\w-])([\w-]{1,100})(\\?"?\s{0,9}[:=]\s{0,9})(\\"(?:[^"\\]|\\(?!"))*(?:\\"|$)|"(?:[^"\\]|\\.)*(?:"|\\?$)|[^\s,;&{}[\]"\\]+)/g;
/** Of these the value is nobody's business. */
const secretName =
  /passw(?:or)?d|passphrase|secret|token|(?:api|access|private|routing)[_-]?key|authorization|credential|cookie/i;

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
  return rest.replace(namedValue, (whole, name: string, between: string) =>
    secretName.test(name) ? `${name}${between}"${leftOut}"` : whole,
  );
}
