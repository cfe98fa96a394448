// An MCP host, as far as @modelcontextprotocol/sdk leaves it to its user.
import { randomUUID } from 'node:crypto';

const redirect = 'http://127.0.0.1:43117/callback';

/** What a host keeps of one server (the SDK's OAuthClientProvider), in memory. */
export class Assistant {
  redirectUrl = redirect;
  clientMetadata = { client_name: 'MCP host', redirect_uris: [redirect], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' };

  state = () => (this.lastState = randomUUID());
  clientInformation = () => this.information;
  saveClientInformation = (information) => void (this.information = information);
  tokens = () => this.kept;
  saveTokens = (tokens) => void (this.kept = tokens);
  codeVerifier = () => this.verifier;
  saveCodeVerifier = (verifier) => void (this.verifier = verifier);
  redirectToAuthorization = (url) => void (this.authorizationUrl = url);
  invalidateCredentials = (what) => {
    if (what === 'all') this.information = undefined;
    if (what === 'all' || what === 'tokens') this.kept = undefined;
  };
}
