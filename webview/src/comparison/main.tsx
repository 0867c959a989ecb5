import "../common/page.css";
import "../explain/frame/frame.css";
import "../explain/views/shared.css";
import "../explain/drawing/drawing.css";
import "./comparison.css";
import { start } from "../common/start.js";
import { App } from "./App.js";

start(<App />);
