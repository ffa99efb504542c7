import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { LinkMemberDocument, MembersDocument, SeatMemberDocument, type MembersQuery } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { number } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Problems } from "~/parts/Confirm";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
import { divisionsOf, useViewer } from "../viewer";
import { Search } from "./Search";

type Committee = NonNullable<NonNullable<MembersQuery["division"]>["committee"]>;
type Member = NonNullable<MembersQuery["members"]>["nodes"][number];

/** The members of the committee, a new one, and whose account is whose. */
export default function Members() {
  const { t } = useTranslation("registry");
  const within = divisionsOf(useViewer(), ["SECRETARIAT"])[0]?.code ?? "14";
  const [words, setWords] = useState("");
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(MembersDocument, { within, name: words || null, after });
  return (
    <div className="page">
      <PageTitle title={t("members.title")}>
        <p className="soft">{t("members.what")}</p>
      </PageTitle>
      <Answer asked={asked}>
        {({ division, members }) => (
          <>
            {division?.committee && <Seat committee={division.committee} />}
            <Link members={members?.nodes ?? []} />
            <Section title={t("members.list")}>
              <Search label={t("members.search")} onSearch={setWords} />
              {members?.nodes.length ? (
                <TableFrame label={t("members.list")}>
                  <table className="table">
                    <caption>{t("members.count", { total: number(members.totalCount) })}</caption>
                    <thead>
                      <tr>
                        <th scope="col">{t("members.name")}</th>
                        <th scope="col">{t("members.sector")}</th>
                        <th scope="col">{t("members.committee")}</th>
                        <th scope="col">{t("members.group")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {members.nodes.map((member) => (
                        <tr key={member.id}>
                          <th scope="row">{member.name}</th>
                          <td>{member.sector}</td>
                          <td>{member.committee.name}</td>
                          <td>{member.liaisonGroup?.name ?? "—"}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </TableFrame>
              ) : (
                <p className="empty">{t("members.empty")}</p>
              )}
              <More page={members?.pageInfo} busy={asked.fetching} onMore={setAfter} />
            </Section>
          </>
        )}
      </Answer>
    </div>
  );
}

function Seat({ committee }: { committee: Committee }) {
  const { t } = useTranslation("registry");
  const [name, setName] = useState("");
  const [sector, setSector] = useState("");
  const [group, setGroup] = useState<string | null>(null);
  const act = useAct(SeatMemberDocument, ["name", "sector", "liaisonGroup"]);

  async function seat(event: React.FormEvent) {
    event.preventDefault();
    if (await act.perform({ committee: committee.id, name: name.trim(), sector: sector.trim(), liaisonGroup: group })) {
      announce(t("seat.done", { name }));
      setName("");
    }
  }

  return (
    <Section title={t("seat.title", { committee: committee.name })}>
      <Form className="form" validationErrors={act.fieldErrors} onSubmit={seat}>
        <div className="fields">
          <WordsField name="name" label={t("members.name")} required maxLength={100} value={name} onChange={setName} />
          <WordsField name="sector" label={t("members.sector")} help={t("seat.sectorHelp")} required maxLength={100} value={sector} onChange={setSector} />
          <ChoiceField name="liaisonGroup" label={t("members.group")} options={committee.liaisonGroups} value={group} onChange={setGroup} />
        </div>
        <Problems problems={act.problems} />
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("seat.act")}
        </Button>
      </Form>
    </Section>
  );
}

function Link({ members }: { members: readonly Member[] }) {
  const { t } = useTranslation("registry");
  const [member, setMember] = useState<string | null>(null);
  const [subject, setSubject] = useState("");
  const act = useAct(LinkMemberDocument, ["member", "subject"]);

  async function link(event: React.FormEvent) {
    event.preventDefault();
    if (member !== null && (await act.perform({ member, subject: subject.trim() || null }))) {
      announce(t("link.done"));
      setSubject("");
    }
  }

  return (
    <Section title={t("link.title")}>
      <Form className="form" validationErrors={act.fieldErrors} onSubmit={link}>
        <p>{t("link.what")}</p>
        <div className="fields">
          <ChoiceField
            name="member"
            label={t("link.member")}
            help={t("link.memberHelp")}
            required
            options={members.map((one) => ({ id: one.id, name: `${one.name}（${one.sector}）` }))}
            value={member}
            onChange={setMember}
          />
          <WordsField name="subject" label={t("grants.subject")} help={t("link.subjectHelp")} maxLength={255} value={subject} onChange={setSubject} />
        </div>
        <Problems problems={act.problems} />
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("link.act")}
        </Button>
      </Form>
    </Section>
  );
}
