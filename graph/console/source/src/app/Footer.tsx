import { useTranslation } from "react-i18next";
import { at } from "~/api/base";

export function Footer() {
  const { t } = useTranslation("shell");
  return (
    <footer className="footer">
      <div className="footer-inner">
        <p>{t("footer.what")}</p>
        <ul>
          <li>
            <a href={at("graphql")}>{t("footer.api")}</a>
          </li>
          <li>
            <a href={at("console/LICENSES.txt")}>{t("footer.licences")}</a>
          </li>
        </ul>
      </div>
    </footer>
  );
}
