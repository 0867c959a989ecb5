import "../common/page.css";
import "../explain/frame/frame.css";
import "./comparison.css";
import { start } from "../common/start.js";
import { App } from "./App.js";

start(<App />);
