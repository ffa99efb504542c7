import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { Button, Dialog, DialogTrigger, Form, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { TypedDocumentString } from "~generated/graphql";
import { useAct, type Given, type InputOf } from "~/api/act";
import { announce } from "./Announcer";
import { Problems } from "./Confirm";
import { Notice } from "./Notice";

interface Warned {
  message: string;
}

interface Props<Data, Variables> {
  /** What the button says that opens the form, and the one that sends it. */
  act: string;
  title?: string;
  document: TypedDocumentString<Data, Variables>;
  /** The fields that the form has, by the input's names. */
  fields?: readonly string[];
  /** The input, of what was filled in. */
  input: (filled: FormData, expectedVersion: number | null) => InputOf<Variables>;
  /** The version of the thing as it is on the page: what was changed since the form was opened is not overwritten unseen. */
  version?: number | null;
  /** What is said when it is done. */
  done: string;
  onDone?: (given: Given<Data>) => void;
  look?: "primary" | "quiet" | "plain";
  wide?: boolean;
  children?: ReactNode;
}

/** A button that opens the form of one act. It closes when the act is done; what was refused stands in it. */
export function ActDialog<Data, Variables extends { input: { idempotencyKey?: string | null } }>(props: Props<Data, Variables>) {
  const { act, look = "plain", wide = false } = props;
  return (
    <DialogTrigger>
      <Button className={`button ${look}`}>{act}</Button>
      <ModalOverlay className="overlay">
        <Modal className={`modal ${wide ? "wide" : ""}`}>
          <Dialog className="dialog">{({ close }) => <ActForm {...props} close={close} />}</Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

function ActForm<Data, Variables extends { input: { idempotencyKey?: string | null } }>(
  { act, title, document, fields, input, version = null, done, onDone, children, close }: Props<Data, Variables> & { close: () => void },
) {
  const { t } = useTranslation("parts");
  const { perform, pending, refused, fieldErrors, problems } = useAct(document, fields);
  const meant = useRef(version);
  const [warnings, setWarnings] = useState<readonly Warned[]>([]);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // Who was told that it had changed meanwhile, and sends it once more, means the thing as it is now. What was not
    // answered is sent once more as it was: it may be what changed the thing.
    if (refused) {
      meant.current = version;
    }
    const given = await perform(input(new FormData(event.currentTarget), meant.current));
    if (given === null) {
      return;
    }
    announce(done);
    const warned = (given as { warnings?: readonly Warned[] }).warnings ?? [];
    setWarnings(warned);
    if (warned.length === 0) {
      close();
      keepFocus();
    }
    onDone?.(given);
  }

  if (warnings.length > 0) {
    return (
      <>
        <Heading slot="title">{done}</Heading>
        <Notice kind="notice" title={t("warned")}>
          <ul>
            {warnings.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Notice>
        <div className="buttons">
          <Button className="button primary" ref={(button) => button?.focus()} onPress={close}>
            {t("close")}
          </Button>
        </div>
      </>
    );
  }
  return (
    <Form className="form" validationErrors={fieldErrors} onSubmit={(event) => void send(event)}>
      <Heading slot="title">{title ?? act}</Heading>
      {children}
      <Problems problems={problems} />
      <div className="buttons">
        <Button type="submit" className="button primary" isPending={pending}>
          {t("confirm.yes", { act })}
        </Button>
        <Button className="button" onPress={close}>
          {t("confirm.no")}
        </Button>
      </div>
    </Form>
  );
}

/** Where the button that opened the form is gone with what it did, the page itself is where one goes on. */
function keepFocus(): void {
  setTimeout(() => {
    if (document.activeElement === null || document.activeElement === document.body) {
      document.getElementById("main")?.focus({ preventScroll: true });
    }
  }, 300);
}
