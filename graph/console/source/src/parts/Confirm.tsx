import type { ReactNode } from "react";
import { Button, Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Notice } from "./Notice";

interface Props {
  /** What the button says that asks, and the one that does it. */
  act: string;
  title: string;
  children: ReactNode;
  pending: boolean;
  problems: readonly string[];
  onConfirm: () => Promise<boolean>;
  primary?: boolean;
}

/** A button whose act is done only after it was said what follows from it. */
export function Confirm({ act, title, children, pending, problems, onConfirm, primary = false }: Props) {
  const { t } = useTranslation("parts");
  return (
    <DialogTrigger>
      <Button className={`button ${primary ? "primary" : ""}`}>{act}</Button>
      <Popover className="popover confirm">
        <Dialog className="dialog">
          {({ close }) => (
            <>
              <Heading slot="title">{title}</Heading>
              <div>{children}</div>
              <Problems problems={problems} />
              <div className="buttons">
                <Button className="button primary" isPending={pending} onPress={async () => (await onConfirm()) && close()}>
                  {t("confirm.yes", { act })}
                </Button>
                <Button className="button" onPress={close}>
                  {t("confirm.no")}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** What was refused and belongs to no field. */
export function Problems({ problems }: { problems: readonly string[] }) {
  const { t } = useTranslation("parts");
  if (problems.length === 0) {
    return null;
  }
  return (
    <Notice kind="problem" title={t("refused")}>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  );
}
