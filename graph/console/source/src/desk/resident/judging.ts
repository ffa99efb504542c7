import { hasOver, useViewer } from "../viewer";

interface Placed {
  platform: { division: { code: string } };
}

/** Whether who works at the desk says of a topic how they find what was done: residents of its place do. */
export function useJudging(): (topic: Placed | null | undefined) => boolean {
  const viewer = useViewer();
  return (topic) => topic != null && hasOver(viewer, ["RESIDENT"], topic.platform.division.code);
}
