import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { MorePlatformsOfDivisionDocument, type PlatformPageFragment } from "~generated/graphql";
import { useLoad, usePages } from "~/api/pages";
import { useLinkAsOf } from "~/app/asOf";
import { number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { MorePages } from "~/parts/More";
import { Section } from "~/parts/Page";

interface Props {
  code: string;
  asOf: string | null;
  first: PlatformPageFragment | null | undefined;
}

/** The platforms of a place and all beneath it, those with the most topics first. */
export function Platforms({ code, asOf, first }: Props) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const link = useLinkAsOf();
  const load = useLoad(MorePlatformsOfDivisionDocument);
  const pages = usePages(
    first,
    useCallback(async (after: string) => (await load({ code, asOf, after }))?.division?.platforms, [load, code, asOf]),
  );
  return (
    <Section title={t("division.platforms")} aside={<span className="soft small">{number(first?.totalCount ?? 0)}</span>}>
      <ul className="things">
        {pages.nodes.map((platform) => (
          <li key={platform.id}>
            <Link className="thing-title" to={link(`/platforms/${platform.code}`)}>
              {platform.name}
            </Link>
            <span className="line">
              <span>{name("PlatformTier", platform.tier)}</span>
              <span>{name("PlatformKind", platform.kind)}</span>
              {platform.closedOn && <span>{t("platform.closed")}</span>}
            </span>
          </li>
        ))}
      </ul>
      <MorePages pages={pages} />
    </Section>
  );
}
