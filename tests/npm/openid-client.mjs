// A person signs in at the issuer by openid-client: discovery, code with PKCE, id token, userinfo, refresh, end of the session.
// Environment: ISSUER, CLIENT_ID, REDIRECT_URI, SIGNED_OUT_URI, USERNAME, PASSWORD. Prints JSON with what it saw.
import * as oidc from 'openid-client';

const { ISSUER, CLIENT_ID, REDIRECT_URI, SIGNED_OUT_URI, USERNAME, PASSWORD } = process.env;

const cookies = new Map();

// A browser as far as a login page needs one: cookies, no scripts; redirects within the issuer are followed.
async function browse(url, form) {
  for (;;) {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET', body: form, redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (/max-age=0/i.test(cookie)) cookies.delete(name); else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) return { url, status: response.status, html: await response.text() };
    [url, form] = [new URL(location, url), undefined];
    if (!url.href.startsWith(ISSUER)) return { url, status: response.status };
  }
}

const config = await oidc.discovery(new URL(ISSUER), CLIENT_ID, undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });
oidc.enableNonRepudiationChecks(config); // checks the id token's signature with the issuer's keys too

const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
const login = await browse(oidc.buildAuthorizationUrl(config, {
  redirect_uri: REDIRECT_URI, scope: 'openid', state, nonce,
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}));
const action = login.html.match(/<form[^>]*\baction="([^"]+)"/)[1].replaceAll('&amp;', '&');
const wrong = await browse(new URL(action), new URLSearchParams({ username: USERNAME, password: 'wrong' }));
const again = wrong.html.match(/<form[^>]*\baction="([^"]+)"/)[1].replaceAll('&amp;', '&');
const back = await browse(new URL(again), new URLSearchParams({ username: USERNAME, password: PASSWORD }));

const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
const tokens = await oidc.authorizationCodeGrant(config, back.url, checks);
const claims = tokens.claims();
const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);

const signedOut = await browse(oidc.buildEndSessionUrl(config, {
  id_token_hint: refreshed.id_token, post_logout_redirect_uri: SIGNED_OUT_URI, state: 'bye',
}));
const refreshAfter = await oidc.refreshTokenGrant(config, refreshed.refresh_token).then(() => 'accepted', (e) => e.error);
const codeAgain = await oidc.authorizationCodeGrant(config, back.url, checks).then(() => 'accepted', (e) => e.error);

console.log(JSON.stringify({
  loginStatus: login.status, wrongStatus: wrong.status, claims, userinfo, signedOut: signedOut.url.href, refreshAfter, codeAgain,
  sameSession: refreshed.claims().sid === claims.sid, newRefreshToken: refreshed.refresh_token !== tokens.refresh_token,
}));
