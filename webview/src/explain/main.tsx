import "../common/page.css";
import "./frame/frame.css";
import "./frame/tools.css";
import "./views/shared.css";
import "./drawing/drawing.css";
import "./outline/outline.css";
import "./advice/advice.css";
import "./details/details.css";
import "./table/table.css";
import "./flame/flame.css";
import "./text/text.css";
import "./export/export.css";
import { start } from "../common/start.js";
import { App } from "./App.js";

start(<App />);
