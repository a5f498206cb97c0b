import "./styles/theme.css";
import "./styles/page.css";
import "./styles/stop-card.css";
import "./styles/lists.css";
import "./styles/thumb.css";
import { App } from "./app";
import { installWorker } from "./install";
import { text } from "./strings";
import { plainBanner } from "./view/banners";

const token = /^\/driver\/([^/]+)\/?$/.exec(location.pathname)?.[1];
const root = document.getElementById("app");

document.documentElement.lang = text.locale.slice(0, 2);
document.title = text.title;

if (root !== null && token !== undefined) {
  installWorker(token);
  App.open(decodeURIComponent(token), root).catch((error: unknown) => {
    console.error(error);
    root.replaceChildren(plainBanner(text.storeFailed, String(error)));
  });
}
