import { ServiceError } from "../../errors.ts";

/** @throws ServiceError when a text holds what the store cannot give back as it came */
export function requireStorable(path: string, texts: readonly string[]): void {
  for (const text of texts) {
    if (text.includes("\0"))
      throw new ServiceError("nul_character", `${path}: a NUL character is not allowed`);
    if (!text.isWellFormed()) {
      throw new ServiceError("lone_surrogate", `${path}: half of a surrogate pair is not allowed`);
    }
  }
}
