import { decodeErrorCode, decodeErrorDetail } from "./decode";

export type FailureReason = "unauthorized" | "unreachable" | "refused";

/** A request that did not succeed, and why. */
export class ApiFailure extends Error {
  /** The gateway's own word for what is wrong, such as `stale_version`; null if it gave none. */
  readonly code: string | null;
  /** The whole answer, for what it says beside that. */
  readonly body: unknown;

  constructor(
    readonly reason: FailureReason,
    readonly detail: string,
    options?: ErrorOptions & { readonly code?: string | null; readonly body?: unknown },
  ) {
    super(detail, options);
    this.name = "ApiFailure";
    this.code = options?.code ?? null;
    this.body = options?.body;
  }
}

/** Whether the request was given up by us, not failed. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const reason = response.status === 401 || response.status === 403 ? "unauthorized" : "refused";
  const body: unknown = await response.json().catch(() => null);
  return new ApiFailure(reason, decodeErrorDetail(body) ?? `HTTP ${response.status}`, { code: decodeErrorCode(body), body });
}

/** What is sent with a request; `type` is its content type. */
type Sent = Pick<RequestInit, "method" | "body"> & { readonly type?: string };

/** Speaks with the gateway with a token; each method throws `ApiFailure`, or an AbortError once `signal` is aborted. */
export class ApiClient {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async json(path: string, signal?: AbortSignal): Promise<unknown> {
    const response = await this.#ask(path, "application/json", signal);
    return (await response.json()) as unknown;
  }

  async blob(path: string, signal?: AbortSignal): Promise<Blob> {
    const response = await this.#ask(path, "*/*", signal);
    return response.blob();
  }

  /** Sends a file, or a value as JSON; returns the answer's JSON. */
  async post(path: string, content: Blob | object, signal?: AbortSignal): Promise<unknown> {
    const isFile = content instanceof Blob;
    const type = isFile ? "application/octet-stream" : "application/json";
    const sent = { method: "POST", body: isFile ? content : JSON.stringify(content), type };
    const response = await this.#ask(path, "application/json", signal, sent);
    return (await response.json()) as unknown;
  }

  /** The body of a stream of server-sent events, as it arrives. */
  async events(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#ask(path, "text/event-stream", signal);
    if (response.body === null) throw new ApiFailure("refused", "an answer without a body");
    return response.body;
  }

  async #ask(path: string, accept: string, signal?: AbortSignal, sent: Sent = {}): Promise<Response> {
    const { type, ...init } = sent;
    const headers = { ...(type === undefined ? {} : { "Content-Type": type }), Accept: accept, Authorization: `Bearer ${this.#token}` };
    const response = await fetch(path, { ...init, headers, cache: "no-store", signal: signal ?? null }).catch(
      (error: unknown) => {
        if (isAbort(error)) throw error;
        throw new ApiFailure("unreachable", String(error), { cause: error });
      },
    );
    if (!response.ok) throw await failureOf(response);
    return response;
  }
}

/** What went wrong, for a person. */
export function tellFailure(error: unknown): string {
  return error instanceof ApiFailure ? error.detail : String(error);
}
