import { limits } from "../../shared/alert.ts";
import type { ChangeInput } from "../../shared/change.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { cut, isWebAddress } from "./fit-alert.ts";
import { isoTime } from "./native-time.ts";
import { fieldAt, type JsonRecord, textAt, textEntries } from "./text-field.ts";
import { storableText } from "./well-formed.ts";

const fitted = (text: string, longest: number) => cut(storableText(text.trim()), longest);

/** A change event of PagerDuty as a change; null without a summary. Environment and service: `custom_details`. */
export function readPagerdutyChange(event: JsonRecord): ChangeInput | null {
  const title = textAt(event, "payload.summary");
  if (title === undefined) return null;
  const about = fieldAt(event, "payload.custom_details");
  const environment = environmentIn(about);
  const service = serviceIn(about);
  const source = textAt(event, "payload.source");
  const startsAt = isoTime(fieldAt(event, "payload.timestamp"));
  return {
    title: fitted(title, limits.title),
    ...(environment !== undefined && { environment: fitted(environment, limits.environment) }),
    ...(service !== undefined && { service: fitted(service, limits.service) }),
    ...(source !== undefined && { source: fitted(source, limits.source) }),
    ...(startsAt !== undefined && { startsAt }),
    links: linksOf(event.links),
    details: detailsOf(about),
  };
}

function linksOf(list: unknown): ChangeInput["links"] {
  const links = (Array.isArray(list) ? list : []).flatMap((link) => {
    const [href, text] = [textAt(link, "href"), textAt(link, "text")];
    if (!isWebAddress(href)) return [];
    const address = storableText(href);
    return [text === undefined ? { href: address } : { href: address, text: fitted(text, limits.title) }];
  });
  return links.slice(0, limits.links);
}

function detailsOf(about: unknown): Record<string, string> {
  const entries = textEntries(about).map(([name, value]): [string, string] => [
    fitted(name, limits.labelName),
    fitted(value, limits.labelValue),
  ]);
  const named = entries.filter(([name]) => name !== "" && name !== "__proto__");
  return Object.fromEntries(named.slice(0, limits.labels));
}
