import { useMemo } from "react";
import { encode } from "uqr";

const QUIET = 4;

interface Props {
  text: string;
  label: string;
}

/** A text as a QR code, each row's dark runs as one stroke of a path. */
export function QrCode({ text, label }: Props) {
  const { size, path } = useMemo(() => drawn(text), [text]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function drawn(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const runs = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark && !row[x - 1] ? [`M${x} ${y}h${row.slice(x).findIndex((each) => !each)}v1H${x}z`] : [])),
  );
  return { size, path: runs.join("") };
}
