import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useStore } from '../store.ts';
import { account, demoPerson, lookWhoIsSignedIn, signIn, signOut } from './account.ts';

/** Who is signed in, and a way in or out. Nothing where nobody can be. */
export function AccountButton() {
  const who = useStore(account);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => void lookWhoIsSignedIn(), []);

  if (who === 'unknown') return null;
  if (who === 'nobody')
    return (
      <>
        <button type="button" className="btn btn-line" onClick={() => dialog.current?.showModal()}>
          Sign in
        </button>
        <SignInDialog dialog={dialog} />
      </>
    );
  return (
    <div className="account">
      {who.avatarUrl === null ? null : <img src={pathOf(who.avatarUrl)} alt="" width={24} height={24} />}
      <span className="account-name" title={who.displayName}>
        @{who.username}
      </span>
      <button type="button" className="btn btn-quiet" onClick={() => void signOut()}>
        Sign out
      </button>
    </div>
  );
}

/** The gateway serves avatars, too, whatever origin people see: this page may load from no other. */
const pathOf = (url: string): string => new URL(url).pathname;

function SignInDialog({ dialog }: { dialog: React.RefObject<HTMLDialogElement | null> }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const title = useId();
  const person = demoPerson;

  const enter = async ({ login, password }: Record<'login' | 'password', string>) => {
    setIsWaiting(true);
    const refused = await signIn(login, password);
    setIsWaiting(false);
    setRefusal(refused);
    if (refused === null) dialog.current?.close();
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void enter(Object.fromEntries(new FormData(event.currentTarget)) as Record<'login' | 'password', string>);
  };

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} onClose={() => setRefusal(null)}>
      <form onSubmit={submit}>
        <h2 id={title}>Sign in</h2>
        <p>What you run from then on, in any tab, is asked as this person.</p>
        <label>
          Username or email
          <input name="login" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {refusal === null ? null : (
          <p role="alert" className="alarm">
            {refusal}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="btn btn-quiet" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="btn btn-glow" disabled={isWaiting}>
            {isWaiting ? 'Signing in' : 'Sign in'}
          </button>
        </div>
        {person === null ? null : (
          <div className="dialog-demo">
            <p>
              Just looking? All people of this demo have the password <kbd>{person.password}</kbd>.
            </p>
            <button
              type="button"
              className="btn btn-line"
              disabled={isWaiting}
              onClick={() => void enter(person)}
            >
              Sign in as {person.login}
            </button>
          </div>
        )}
      </form>
    </dialog>
  );
}
