import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startLanguage } from "./i18n/language";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/charts.css";
import "./styles/print.css";

await startLanguage();
createRoot(document.getElementById("console") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
