import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Asked } from "~/api/ask";
import { Loading } from "./Loading";
import { Notice } from "./Notice";

interface Props<Data> {
  asked: Asked<Data>;
  children: (data: Data) => ReactNode;
}

/** What was asked for, or that it is on its way, or why it did not come. What came before stays while it is asked again. */
export function Answer<Data>({ asked, children }: Props<Data>) {
  const { t } = useTranslation("shell");
  const { data, error, fetching, again } = asked;
  return (
    <>
      {error && (
        <Notice kind="problem" title={t("problem.title")}>
          <ul>
            {error.networkError && <li>{t("problem.network")}</li>}
            {error.graphQLErrors.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
          <button type="button" className="button" onClick={again}>
            {t("problem.again")}
          </button>
        </Notice>
      )}
      {data ? children(data) : fetching && <Loading />}
    </>
  );
}
