import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";

interface Props {
  title: ReactNode;
  level?: 2 | 3;
  className?: string;
  children: ReactNode;
}

/** What is shown where somebody wants to see it. */
export function Disclosed({ title, level = 3, className = "", children }: Props) {
  return (
    <Disclosure className={`disclosure ${className}`}>
      <Heading level={level}>
        <Button slot="trigger" className="disclosure-button">
          {title}
        </Button>
      </Heading>
      <DisclosurePanel className="disclosure-panel">{children}</DisclosurePanel>
    </Disclosure>
  );
}
