import { useTranslation } from "react-i18next";
import type { SessionWholeFragment } from "~generated/graphql";
import { useNames } from "~/i18n/names";
import { Bars } from "~/parts/Bars";
import { Section } from "~/parts/Page";
import { grouped } from "../grouped";

/** Who came, by part: people of the public are counted and not named. */
export function Came({ session: { headcount, attendances } }: { session: SessionWholeFragment }) {
  const { t } = useTranslation("session");
  const name = useNames();
  const came = attendances?.nodes ?? [];
  if (headcount == null && came.length === 0) {
    return null;
  }
  const roles = grouped(came, ({ role }) => role);
  const members = named(came.map(({ member }) => member));
  const departments = named(came.map(({ department }) => department));
  return (
    <Section title={t("came")} aside={headcount != null && <span className="soft small">{t("headcount", { count: headcount })}</span>}>
      <Bars bars={[...roles].map(([role, { length }]) => ({ key: role, name: name("ParticipantRole", role), value: length }))} />
      {(attendances?.totalCount ?? 0) > came.length && <p className="small soft">{t("moreCame", { count: attendances?.totalCount ?? 0 })}</p>}
      <dl className="session-facts came">
        {members.length > 0 && (
          <>
            <dt>{t("members")}</dt>
            <dd>{members.join(t("and"))}</dd>
          </>
        )}
        {departments.length > 0 && (
          <>
            <dt>{t("departments")}</dt>
            <dd>{departments.join(t("and"))}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

function named(things: readonly ({ id: string; name: string } | null | undefined)[]): string[] {
  return [...new Map(things.flatMap((each) => (each ? [[each.id, each.name] as const] : []))).values()];
}
