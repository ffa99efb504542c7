import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { DepartmentsDocument, RegisterDepartmentDocument, type DepartmentKind } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { number } from "~/i18n/format";
import { useChoices, useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Problems } from "~/parts/Confirm";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import type { Found } from "~/parts/Picker";
import { DivisionPicker } from "~/parts/Pickers";
import { TableFrame } from "~/parts/TableFrame";
import { ChannelUse } from "../ChannelUse";
import { divisionsOf, useViewer } from "../viewer";
import { Search } from "./Search";

/** The departments of the place, and a new one. */
export default function Departments() {
  const { t } = useTranslation("registry");
  const name = useNames();
  const within = divisionsOf(useViewer(), ["SECRETARIAT"])[0]?.code ?? null;
  const [words, setWords] = useState("");
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(DepartmentsDocument, { within, name: words || null, after });
  return (
    <div className="page">
      <PageTitle title={t("departments.title")}>
        <p className="soft">{t("departments.what")}</p>
      </PageTitle>
      <Register within={within} />
      <Section title={t("departments.list")}>
        <Search label={t("departments.search")} onSearch={setWords} />
        <Answer asked={asked}>
          {({ departments }) => (
            <>
              {departments?.nodes.length ? (
                <TableFrame label={t("departments.list")}>
                  <table className="table roomy">
                    <caption>{t("departments.count", { total: number(departments.totalCount) })}</caption>
                    <thead>
                      <tr>
                        <th scope="col">{t("departments.name")}</th>
                        <th scope="col">{t("departments.code")}</th>
                        <th scope="col">{t("departments.kind")}</th>
                        <th scope="col">{t("departments.division")}</th>
                        <th scope="col">{t("departments.channel")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {departments.nodes.map((department) => (
                        <tr key={department.id}>
                          <th scope="row">{department.name}</th>
                          <td>{department.code}</td>
                          <td>{name("DepartmentKind", department.kind)}</td>
                          <td>{department.division.name}</td>
                          <td>
                            <span className={`tag ${department.channel.enabled ? "done" : "plain"}`}>
                              {t(department.channel.enabled ? "departments.enabled" : "departments.disabled")}
                            </span>{" "}
                            <ChannelUse department={department} />
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </TableFrame>
              ) : (
                <p className="empty">{t("departments.empty")}</p>
              )}
              <More page={departments?.pageInfo} busy={asked.fetching} onMore={setAfter} />
            </>
          )}
        </Answer>
      </Section>
    </div>
  );
}

function Register({ within }: { within: string | null }) {
  const { t } = useTranslation("registry");
  const choices = useChoices();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<DepartmentKind | null>(null);
  const [division, setDivision] = useState<Found | null>(null);
  const [emptied, setEmptied] = useState(0);
  const act = useAct(RegisterDepartmentDocument, ["code", "name", "kind", "division"]);

  async function register(event: React.FormEvent) {
    event.preventDefault();
    if (kind === null || division === null) {
      return;
    }
    if (await act.perform({ code: code.trim(), name: name.trim(), kind, division: division.id, enabled: true })) {
      announce(t("register.done", { name }));
      setCode("");
      setName("");
      setDivision(null);
      setEmptied(emptied + 1);
    }
  }

  return (
    <Section title={t("register.title")}>
      <Form className="form" validationErrors={act.fieldErrors} onSubmit={register}>
        <div className="fields">
          <WordsField name="name" label={t("departments.name")} required maxLength={100} value={name} onChange={setName} />
          <WordsField name="code" label={t("departments.code")} help={t("register.codeHelp")} required maxLength={40} value={code} onChange={setCode} />
          <ChoiceField
            name="kind"
            label={t("departments.kind")}
            required
            options={choices("DepartmentKind")}
            value={kind}
            onChange={(chosen) => setKind(chosen as DepartmentKind)}
          />
          <DivisionPicker key={emptied} name="division" label={t("departments.division")} required onPick={setDivision} {...(within && { within })} />
        </div>
        <Problems problems={act.problems} />
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("register.act")}
        </Button>
      </Form>
    </Section>
  );
}
