"""What can be refused between nodes, before and after they know one another."""

from federation.errors import Refusal


class NotCanonical(Refusal):
    """Bytes that are not RFC 8785: duplicate keys, floats, large integers, another order."""

    code = "not-canonical"
    title = "This is not in the exact form (RFC 8785) that nodes sign."


class BadSignature(Refusal):
    """Signed by nobody we know for this purpose, or changed on the way."""

    code = "bad-signature"
    title = "The signature does not belong to this text and this node."


class BadDocument(Refusal):
    """A node document that contradicts itself, or does not follow from the one we pinned."""

    code = "bad-node-document"
    title = "The other node's document cannot be trusted: its keys do not fit together."


class OtherDocument(BadDocument):
    """Two documents of one version, both signed by the pinned root: one is not the node's."""

    code = "document-differs"
    title = (
        "Two different documents about its keys bear the same number, and both are signed with its "
        "root key."
    )


class OlderDocument(BadDocument):
    """A document that is real, but was replaced by the one that is pinned."""

    code = "document-older"
    title = "It shows a document about its keys that is older than the one that it showed before."


class NothingToSettle(Refusal):
    """A choice between two documents of a partner that shows one."""

    code = "nothing-to-settle"
    title = "This partner shows one document about its keys. There is nothing to choose."
    status = 409


class InvitationForged(Refusal):
    """A link that this node never made, or that was changed on its way."""

    code = "invitation-forged"
    title = "This link is not one that the other project made. Ask them to send a new one."


class InvitationExpired(Refusal):
    """A link older than 48 hours."""

    code = "invitation-expired"
    title = "This link is older than 48 hours. Ask the other project for a new one."
    status = 410


class InvitationUsed(Refusal):
    """A link that already brought somebody in."""

    code = "invitation-used"
    title = (
        "This link has already been used. If that was not you, tell the other project at once; "
        "in any case ask for a new link."
    )
    status = 409


class OwnInvitation(Refusal):
    """A node that would join itself."""

    code = "own-invitation"
    title = "This link was made by your own node. Send it to the other project."


class AlreadyPartners(Refusal):
    """A relationship that is in force is not begun a second time."""

    code = "already-partners"
    title = "These two nodes already work together."
    status = 409


class WordsDiffer(Refusal):
    """The words heard on the phone are not those that this node computed."""

    code = "words-differ"
    title = (
        "These are not the four words that your node worked out. Listen once more; if they still "
        "differ, somebody may stand between you: end this and start with a new link."
    )


class NothingToConfirm(Refusal):
    """The words were typed before, or the relationship has ended."""

    code = "nothing-to-confirm"
    title = "There are no words to type for this partner now."
    status = 409


class UnknownCapability(Refusal):
    """Something that cannot be granted because it is not on the list."""

    code = "unknown-capability"
    title = "There is no such thing to grant."


class NotJoined(Refusal):
    """A grant to somebody who has not been confirmed by words, or who has left."""

    code = "not-joined"
    title = "Type the four words first: until then this partner gets nothing."
    status = 409


class NotGranted(Refusal):
    """A partner asks for something that a partner administrator here has withheld from it."""

    code = "not-granted"
    title = (
        "The project that runs this does not take this from your project at the moment. "
        "Your coordinator can ask it why."
    )
    status = 403


class TokenRefused(Refusal):
    """A machine sign-in that failed; `error` is the code of RFC 6749, section 5.2."""

    code = "token-refused"
    title = "This node does not accept that sign-in."
    status = 401

    def __init__(self, error: str, sentence: str) -> None:
        """Keep the code that OAuth clients read beside the sentence that people read."""
        super().__init__(sentence)
        self.error = error
        self.status = 401 if error == "invalid_client" else 400


class NotSignedIn(Refusal):
    """A partner's request without a token that is valid now."""

    code = "partner-not-signed-in"
    title = "This needs a partner's token, and a fresh one."
    status = 401


class KeysExist(Refusal):
    """New keys would make this node a stranger to its partners."""

    code = "keys-exist"
    title = "This node already has keys. New ones would make it a stranger to its partners."


class KeysMissing(Refusal):
    """A node without keys cannot speak to partners."""

    code = "keys-missing"
    title = "This node has no keys yet. Run: netreach-server keys init"
    status = 503


class KeysBroken(Refusal):
    """Files that are no keys, such as a copy that was cut off."""

    code = "keys-broken"
    title = (
        "The files of this node's keys cannot be read. Put the folder back from its copy, or empty "
        "it and set it up anew from the recovery sheet: netreach-server keys recover"
    )
    status = 503


class RootOffline(Refusal):
    """Something that only the root key may sign, where it is not on the machine."""

    code = "root-offline"
    title = (
        "This needs the root key, which is on paper only. Run: netreach-server keys sign, and type "
        "the words of the recovery sheet."
    )
    status = 503


class RecoveryWordsWrong(Refusal):
    """Words that are no key, or another key than the one that partners know."""

    code = "recovery-words-wrong"
    title = "These are not the words of the recovery sheet. Compare each of them with the paper."


class OtherRoot(Refusal):
    """A recovery sheet of another node, or one that was replaced since."""

    code = "other-root"
    title = "These words are a key, but not this node's root key. Look for its newest sheet."
