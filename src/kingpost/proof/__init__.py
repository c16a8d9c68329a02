"""Make history provable: canonical bytes, chains, trees and their verification."""
