import { useState } from "react";
import { Input, Label, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { OperatorDepartmentsDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { divisionsOf, useViewer } from "~/desk/viewer";
import { moment, number } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { Section } from "~/parts/Page";
import { TestChannel } from "./Acts";
import { NextTry } from "./Lanes";
import { useNow } from "./useNow";

const POLL_S = 15;

/** The departments' channels: what waits, what was sent, what stops them. */
export function Departments() {
  const { t } = useTranslation("operator");
  const places = divisionsOf(useViewer(), ["OPERATOR", "SECRETARIAT"]);
  const [typed, setTyped] = useState("");
  const [name, setName] = useState("");
  const [enabled, setEnabled] = useState(true);
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(OperatorDepartmentsDocument, { within: places[0]?.code ?? null, name: name || null, enabled, after });
  const now = useNow();
  usePolling(asked.again, POLL_S);
  return (
    <Section
      title={t("departments.title")}
      aside={
        <SearchField
          className="find-department"
          value={typed}
          onChange={setTyped}
          onSubmit={(text) => {
            setAfter(null);
            setName(text.trim());
          }}
          onClear={() => setName("")}
        >
          <Label className="unseen">{t("departments.find")}</Label>
          <Input placeholder={t("departments.find")} maxLength={100} />
        </SearchField>
      }
    >
      <div className="choices log-choices" role="group" aria-label={t("departments.filter")}>
        {[true, false].map((one) => (
          <button
            key={String(one)}
            type="button"
            className="choice"
            aria-pressed={enabled === one}
            onClick={() => {
              setAfter(null);
              setEnabled(one);
            }}
          >
            {t(one ? "departments.enabled" : "departments.disabled")}
          </button>
        ))}
      </div>
      <Answer asked={asked}>
        {({ departments }) => (
          <>
            {departments?.nodes.length ? (
              <div className="table-frame">
                <table className="table">
                  <caption>{t("departments.caption", { count: departments.totalCount })}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("departments.department")}</th>
                      <th scope="col">{t("departments.channel")}</th>
                      <th scope="col" className="number">{t("figures.pending")}</th>
                      <th scope="col" className="number">{t("figures.parked")}</th>
                      <th scope="col" className="number">{t("figures.confirmed")}</th>
                      <th scope="col" className="number">{t("figures.unanswered")}</th>
                      <th scope="col" className="number">{t("figures.skipped")}</th>
                      <th scope="col">{t("lanes.acts")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {departments.nodes.map((one) => (
                      <tr key={one.id}>
                        <th scope="row">
                          <Link to={`/desk/operator/${one.code}`}>{one.name}</Link>
                          <div className="small soft">
                            {one.division.name} {one.code}
                          </div>
                        </th>
                        <td>
                          <ChannelState channel={one.channel} now={now} />
                        </td>
                        <td className="number">
                          {number(one.channel.pending ?? 0)}
                          {one.channel.oldestPendingAt && (
                            <div className="small soft">{t("departments.since", { when: moment(one.channel.oldestPendingAt) })}</div>
                          )}
                        </td>
                        <td className="number">{number(one.channel.parked ?? 0)}</td>
                        <td className="number">{number(one.confirmed?.totalCount ?? 0)}</td>
                        <td className="number">{number(one.unanswered?.totalCount ?? 0)}</td>
                        <td className="number">{number(one.skipped?.totalCount ?? 0)}</td>
                        <td>{one.channel.enabled && <TestChannel code={one.code} name={one.name} />}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            ) : (
              <p className="empty">{t("departments.none")}</p>
            )}
            <More page={departments?.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </>
        )}
      </Answer>
    </Section>
  );
}

interface Channel {
  enabled: boolean;
  pausedUntil?: string | null;
  lastError?: string | null;
}

/** Whether a channel is open, paused until when and by what, or disabled. */
export function ChannelState({ channel, now }: { channel: Channel; now: number }) {
  const { t } = useTranslation("operator");
  const paused = channel.pausedUntil != null && Date.parse(channel.pausedUntil) > now;
  const state = channel.enabled ? (paused ? "paused" : "open") : "disabled";
  return (
    <>
      <span className={`tag ${{ open: "done", paused: "wrong", disabled: "plain" }[state]}`}>{t(`channel.${state}`)}</span>
      {paused && channel.pausedUntil && (
        <div className="small">
          <NextTry at={channel.pausedUntil} now={now} />
        </div>
      )}
      {paused && channel.lastError && <div className="small soft error-words">{channel.lastError}</div>}
    </>
  );
}
