export interface Piece {
  text: string;
  hit: boolean;
}

const CHARACTERS: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'", "&amp;": "&" };

/** A snippet of the search, which is HTML with nothing but <mark> in it, as texts that are hits or stand between them. */
export function pieces(snippet: string): Piece[] {
  return snippet
    .split(/<\/?mark>/)
    .map((text, at) => ({ text: text.replace(/&(?:lt|gt|quot|amp|#x27|#39);/g, (each) => CHARACTERS[each] ?? each), hit: at % 2 === 1 }))
    .filter(({ text }) => text !== "");
}
