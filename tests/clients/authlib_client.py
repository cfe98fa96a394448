"""One relying party made with Authlib: reads its settings as JSON from the first line of stdin, prints the authorization
URL, reads the URL of the answer, and prints what became of it as JSON."""
import json
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

settings = json.loads(sys.stdin.readline())
server = requests.get(settings["issuer"] + "/.well-known/openid-configuration", timeout=20).json()
session = OAuth2Session(
    settings["client_id"], settings["client_secret"], scope="openid email todos.read",
    redirect_uri=settings["redirect_uri"], token_endpoint_auth_method=settings["method"], code_challenge_method="S256")
verifier = "v" * 43
url, state = session.create_authorization_url(server["authorization_endpoint"], code_verifier=verifier, nonce="n-1")
print(url, flush=True)

answer = sys.stdin.readline().strip()
tokens = session.fetch_token(
    server["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier)
keys = JsonWebKey.import_key_set(requests.get(server["jwks_uri"], timeout=20).json())
claims = jwt.decode(
    tokens["id_token"], keys, claims_cls=CodeIDToken,
    claims_options={"iss": {"essential": True, "value": server["issuer"]}},
    claims_params={"nonce": "n-1", "client_id": settings["client_id"], "access_token": tokens["access_token"]})
claims.validate()
userinfo = session.get(server["userinfo_endpoint"], timeout=20).json()
call = session.get(settings["issuer"] + "/todos", timeout=20)
refreshed = session.refresh_token(server["token_endpoint"], refresh_token=tokens["refresh_token"])
revoked = session.revoke_token(server["revocation_endpoint"], token=refreshed["refresh_token"])
late = session.post(
    server["token_endpoint"], withhold_token=True, timeout=20,
    data={"grant_type": "refresh_token", "refresh_token": refreshed["refresh_token"],
          "client_id": settings["client_id"], "client_secret": settings["client_secret"]})
print(json.dumps({
    "sub": claims["sub"], "alg": claims.header["alg"], "userinfo": userinfo, "call": call.status_code,
    "rotated": refreshed["refresh_token"] != tokens["refresh_token"], "revoked": revoked.status_code,
    "late": late.json().get("error")}))
