/** Where the API is: the page's <base>, which the server writes relative to the address that was asked for. */
export const base = new URL(document.baseURI);

export function at(path: string): string {
  return new URL(path, base).href;
}

export const basename = base.pathname.replace(/\/$/, "");
