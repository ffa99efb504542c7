import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { DeskTopicChangedDocument, InboxDocument, type InboxQuery } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { number } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { ChoiceField } from "~/parts/Fields";
import { More } from "~/parts/More";
import { Notice } from "~/parts/Notice";
import { PageTitle, Section } from "~/parts/Page";
import { divisionsOf, useViewer } from "../../viewer";
import { READERS } from "../rights";
import { Commitments, Matters, Sessions, Topics } from "./lists";
import { GROUPS, variablesOf, VIEWS, type View } from "./views";
import "../cadre.css";

/** What came in, what waits and what is late, at the places of who works at the desk. */
export default function Inbox() {
  const { t } = useTranslation("cadre");
  const places = divisionsOf(useViewer(), READERS);
  const [parameters, setParameters] = useSearchParams();
  const within = places.find(({ code }) => code === parameters.get("within"))?.code ?? places[0]?.code;
  const view = VIEWS.find(({ name }) => name === parameters.get("view")) ?? VIEWS[0]!;

  return (
    <div className="page">
      <PageTitle title={t("inbox.title")}>
        {within && <p className="soft">{places.find(({ code }) => code === within)?.name}</p>}
      </PageTitle>
      {places.length > 1 && (
        <ChoiceField
          name="within"
          label={t("inbox.place")}
          required
          options={places.map(({ code, name }) => ({ id: code, name }))}
          value={within ?? null}
          onChange={(code) => setParameters({ within: code, view: view.name }, { replace: true })}
        />
      )}
      {within ? (
        <Waiting key={within} within={within} view={view} />
      ) : (
        <Notice kind="notice" title={t("inbox.noPlace.title")}>
          <p>{t("inbox.noPlace.what")}</p>
        </Notice>
      )}
    </div>
  );
}

function Waiting({ within, view }: { within: string; view: View }) {
  const [now] = useState(() => new Date().toISOString());
  const [page, setPage] = useState<{ view: string; after: string } | null>(null);
  const after = page !== null && page.view === view.name ? page.after : null;
  const asked = useAsk(InboxDocument, variablesOf(view, within, now, after));
  usePolling(asked.again);
  useFollow(DeskTopicChangedDocument, { within }, asked.again);
  useNews(asked.data?.raised?.totalCount);
  return (
    <Answer asked={asked}>
      {(data) => (
        <div className="inbox">
          <Views data={data} within={within} current={view} />
          <List data={data} view={view} busy={asked.fetching} onMore={(next) => setPage({ view: view.name, after: next })} />
        </div>
      )}
    </Answer>
  );
}

/** Says that something came in, to those who do not see it. */
function useNews(raised: number | undefined): void {
  const { t } = useTranslation("cadre");
  const before = useRef(raised);
  useEffect(() => {
    if (raised !== undefined && before.current !== undefined && raised > before.current) {
      announce(t("inbox.news", { count: raised - before.current }));
    }
    before.current = raised;
  }, [raised, t]);
}

function Views({ data, within, current }: { data: InboxQuery; within: string; current: View }) {
  const { t } = useTranslation("cadre");
  return (
    <nav className="card views" aria-label={t("inbox.views")}>
      {GROUPS.map((group) => (
        <div key={group.name} className="views-group">
          <h2>{t(`inbox.group.${group.name}`)}</h2>
          <ul>
            {group.views.map(({ name, late }) => {
              const count = data[name]?.totalCount;
              return (
                <li key={name}>
                  <Link
                    to={`/desk/inbox?view=${name}&within=${within}`}
                    replace
                    preventScrollReset
                    aria-current={name === current.name ? "page" : undefined}
                    className={late && count ? "late" : ""}
                  >
                    <span>{t(`inbox.view.${name}`)}</span>
                    <strong>{count === undefined ? "—" : number(count)}</strong>
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function List({ data, view, busy, onMore }: { data: InboxQuery; view: View; busy: boolean; onMore: (after: string) => void }) {
  const { t } = useTranslation("cadre");
  const page = data.matters ?? data.topics ?? data.sessions ?? data.commitments;
  return (
    <Section title={t(`inbox.view.${view.name}`)}>
      <p className="soft small lead">{t(`inbox.what.${view.name}`)}</p>
      {page?.nodes.length === 0 && <p className="empty">{t(`inbox.empty.${view.name}`)}</p>}
      {data.matters && <Matters matters={data.matters.nodes} proposing={view.name === "accepted"} />}
      {data.topics && <Topics topics={data.topics.nodes} />}
      {data.sessions && <Sessions sessions={data.sessions.nodes} />}
      {data.commitments && <Commitments commitments={data.commitments.nodes} />}
      <More page={page?.pageInfo} busy={busy} onMore={onMore} />
    </Section>
  );
}
