import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useEntrance } from "./contexts";

/** Who is signed in, and where they may go. */
export default function PersonMenu({ name }: { name: string }) {
  const { t } = useTranslation("shell");
  const entrance = useEntrance();
  const navigate = useNavigate();
  return (
    <MenuTrigger>
      <Button className="button quiet">{name}</Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => (key === "desk" ? navigate("/desk") : entrance.leave())}>
          <MenuItem id="desk">{t("nav.desk")}</MenuItem>
          <MenuItem id="leave">{t("signOut")}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
