/** 64 hexadecimal digits. */
export function hexadecimal(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The SHA-256 of bytes, of a text as UTF-8. Not there on a page that came without TLS from elsewhere. */
export async function sha256(said: string | Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<string> {
  const bytes = typeof said === "string" ? new TextEncoder().encode(said) : said;
  return hexadecimal(await crypto.subtle.digest("SHA-256", bytes));
}

export function canHash(): boolean {
  return typeof crypto.subtle !== "undefined";
}
