import { Link } from "react-router";
import { Tag } from "~/parts/Tag";
import type { Version } from "./Plan";

/** A topic on the board: what it is called, of which platform, how far it is. */
export function TopicFacts({ topic }: { topic: Version["items"][number]["topic"] }) {
  return (
    <span className="plan-topic">
      <Link className="thing-title" to={`/topics/${topic.number}`}>
        {topic.title}
      </Link>
      <span className="line">
        <Tag of="TopicKind" value={topic.kind} />
        <Tag of="TopicStatus" value={topic.status} />
        <span>{topic.platform.name}</span>
      </span>
    </span>
  );
}
