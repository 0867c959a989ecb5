import { constants, publicEncrypt } from "node:crypto";
import * as vscode from "vscode";
import type { GetPassword } from "#protocol/messages";
import type { ConnectionStore } from "../connections/store.js";

/** The stored password, encrypted to the server's key for this question; after a refusal the user is asked for a new one. */
export async function givePassword(question: GetPassword.Params, store: ConnectionStore): Promise<GetPassword.Result> {
  const stored = await store.password(question.connection);
  const password = question.rejected ? await ask(question, store) : stored;
  return password === undefined ? {} : { encrypted: encrypt(password, question.publicKey) };
}

async function ask(question: GetPassword.Params, store: ConnectionStore): Promise<string | undefined> {
  const password = await vscode.window.showInputBox({
    title: vscode.l10n.t("Password for {0}", question.target),
    prompt: vscode.l10n.t("The server wants a password, or refused the stored one. It is kept in the editor's secret storage."),
    password: true,
    ignoreFocusOut: true,
  });
  if (password !== undefined) await store.setPassword(question.connection, password);
  return password;
}

export function encrypt(text: string, publicKey: string): string {
  const options = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  return publicEncrypt(options, Buffer.from(text, "utf8")).toString("base64");
}
