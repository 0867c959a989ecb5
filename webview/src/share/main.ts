import "./host.js";
import "./colors.css";
import "../explain/main.js";
