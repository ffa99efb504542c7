import type { DutyRecord } from "./Duty";

interface Shown {
  /** What the point came from, as people call it. */
  title: string;
  /** The page of it in the hall; null where it has none. */
  to: string | null;
}

type Source = DutyRecord["source"];
type Session = Extract<Source, { __typename: "Session" }>;

/** What a point came from, with the page where it is told. */
export function sourceOf(source: Source): Shown | null {
  switch (source.__typename) {
    case "Session":
      return sessionOf(source);
    case "Opinion":
      return { title: source.publishedText, to: topicPage(source.topic ?? source.session?.topics[0]) };
    case "Conversion":
      return { title: source.publishedTitle, to: topicPage(convertedOn(source.source)) };
    case "Activity":
      return { title: source.publishedTitle, to: null };
    default:
      return null;
  }
}

export function sessionOf(session: Omit<Session, "__typename">): Shown {
  const title = [session.platform.name, session.topics.map((topic) => topic.title).join("、")].filter(Boolean).join("：");
  return { title, to: topicPage(session.topics[0]) };
}

type Converted = Extract<Source, { __typename: "Conversion" }>["source"];

function convertedOn(converted: Converted) {
  return converted.__typename === "Outcome" ? converted.about : (converted.on ?? converted.session?.topics[0]);
}

function topicPage(topic: { number: string } | null | undefined): string | null {
  return topic ? `/topics/${topic.number}` : null;
}
